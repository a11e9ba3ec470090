import { type ModuleFacts } from './contracts';
import { languageOf } from './languages/registry';

/** An import that leads nowhere, or a source that is no program. */
export interface BrokenImport {
  path: string;
  /** 1-based. */
  line: number;
  /** What is wrong, as it follows the path: `imports ./join.mjs, which is not there`. */
  what: string;
  /** The file that is not there, where that is what is wrong. */
  missing?: string;
}

/** Sources by path, each with what it imports and exports. */
export type Modules = ReadonlyMap<string, ModuleFacts | 'unparseable'>;

/** Texts that only look like sources: they are filled in before anybody runs them. */
const template = /<%|\{\{|\$\{\{/;
const templateFolder = /(^|\/)(files|templates?|snippets|schematics|blueprints)\//;

/** Reads sources by path. What is a template is left out. */
export async function readModules(files: ReadonlyMap<string, string>): Promise<Modules> {
  const modules = new Map<string, ModuleFacts | 'unparseable'>();
  for (const [path, text] of files) {
    const tools = templateFolder.test(path) ? undefined : await languageOf(path)?.load();
    const facts = tools?.modules({ path, text });
    if (facts === undefined || (facts === 'unparseable' && template.test(text))) continue;
    modules.set(path, facts);
  }
  return modules;
}

/** Folders whose names tell whether the imports lead somewhere: those of the imported files, and the imported as folders. */
export function foldersAsked(modules: Modules): string[] {
  const folders = [...modules].flatMap(([path, facts]) =>
    relativeImports(path, facts).flatMap(({ target }) => [folderOf(target), target]),
  );
  return [...new Set(folders)].sort();
}

/** `has`: whether the tree has a file at a path. Only relative imports are looked at; all others are a matter of packages. */
export function findBrokenImports(modules: Modules, has: (path: string) => boolean): BrokenImport[] {
  return [...modules].flatMap(([path, facts]) => {
    if (facts === 'unparseable') return [{ path, line: 1, what: 'cannot be read as a program' }];
    return relativeImports(path, facts).flatMap(({ specifier, line, names, target }) => {
      const found = placesOf(target).find(has);
      if (found === undefined)
        return [{ path, line, what: `imports ${specifier}, which is not there`, missing: target }];
      const offered = modules.get(found);
      const { exports } = offered === undefined || offered === 'unparseable' ? { exports: null } : offered;
      const lacking = exports === null ? [] : names.filter((name) => !exports.includes(name));
      return lacking.map((name) => ({
        path,
        line,
        what: `imports ${name} of ${specifier}, which exports no such name`,
      }));
    });
  });
}

/** Those that stay inside of the workspace and name one file: no patterns, loaders or queries. */
function relativeImports(path: string, facts: ModuleFacts | 'unparseable') {
  if (facts === 'unparseable') return [];
  return facts.imports.flatMap((one) => {
    if (!/^\.{1,2}(\/|$)/.test(one.specifier) || /[*!?#]/.test(one.specifier)) return [];
    const target = from(folderOf(path), one.specifier);
    return target === null || /(^|\/)node_modules(\/|$)/.test(target) ? [] : [{ ...one, target }];
  });
}

/** A path from a folder, or null where it leaves the workspace. */
function from(folder: string, path: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

const endings =
  '.ts .tsx .mts .cts .d.ts .d.mts .d.cts .js .jsx .mjs .cjs .json .node .vue .svelte .css'.split(' ');
const platforms = ['', '.web', '.native', '.ios', '.android', '.server', '.client', '.browser', '.node'];

/** A compiler reads `./a.js` as the source that it is made from. */
const madeFrom: readonly [RegExp, readonly string[]][] = [
  [/\.jsx?$/, ['.ts', '.tsx', '.d.ts', '.jsx', '.js']],
  [/\.mjs$/, ['.mts', '.d.mts']],
  [/\.cjs$/, ['.cts', '.d.cts']],
];

/** Where the file may stand that an import leads to, likeliest first. */
export function placesOf(target: string): string[] {
  const sources = madeFrom.flatMap(([made, from]) =>
    made.test(target) ? from.map((ending) => target.replace(made, ending)) : [],
  );
  const ended = platforms.flatMap((platform) => endings.map((ending) => `${target}${platform}${ending}`));
  const folder = target === '' ? '' : `${target}/`;
  const index = [...endings.map((ending) => `${folder}index${ending}`), `${folder}package.json`];
  return [...(target === '' ? [] : [target, ...sources, ...ended]), ...index];
}
