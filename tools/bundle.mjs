import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageNames, root } from './packages.mjs';

/** What the bytes of a bundle depend on besides the files of the packages, relative to the root of the repository. */
export const bundleMakers = [
  'tools/bundle.mjs',
  'tools/packages.mjs',
  'tsconfig.base.json',
  'package-lock.json',
];

/**
 * Sources of a package that its `package.json`, `executors.json` or `generators.json` names as code that somebody loads, relative
 * to its `src`, without extension: `index`, `executors/agent/agent`. Each becomes one file of the same name below `dist`.
 */
export function entriesOf(name) {
  return [...publicEntriesOf(name), ...doorsOf(name)];
}

/** Those of them that other code imports. */
export function publicEntriesOf(name) {
  return exportedBy(name).filter((entry) => !isProgram(entry));
}

const exportedBy = (name) =>
  sourcesOf(Object.values(manifestOf(name).exports).flatMap(({ default: file }) => file ?? []));
const isProgram = (entry) => entry.startsWith('bin/');

/** Those of them that Nx or a shell starts. */
function doorsOf(name) {
  const { bin = {}, executors, generators } = manifestOf(name);
  const named = (file, section) =>
    file === undefined
      ? []
      : Object.values(JSON.parse(readFileSync(join(root, 'packages', name, file), 'utf8'))[section]).map(
          ({ implementation }) => implementation,
        );
  const doors = sourcesOf([
    ...Object.values(bin),
    ...exportedBy(name)
      .filter(isProgram)
      .map((entry) => `./dist/${entry}.js`),
    ...named(executors, 'executors'),
    ...named(generators, 'generators'),
  ]);
  return doors.some(isExecutor) ? [...doors, compileCache] : doors;
}

/** What every task loads first. */
const compileCache = 'executors/compile-cache';
const isExecutor = (entry) => entry.startsWith('executors/') && entry !== compileCache;

function firstLineOf(entry) {
  if (isExecutor(entry)) return "require('../compile-cache.js');";
  return entry === 'bin/task' ? "require('../executors/compile-cache.js');" : '';
}

const sourcesOf = (files) => files.map((file) => file.replace(/^\.\/dist\//, '').replace(/\.js$/, ''));

/** Looking up a package takes a task longer than reading it; the graph, which seldom asks for this one, has it from outside. */
const inDoors = /^\^minimatch/;

/** Code that Node is given compiled imports nothing: what imports a package from outside is a file of its own. */
const loadsPackages = /[\\/](edges[\\/]load-package|ecma[\\/]load-parser)\.ts$/;

/** What writes files into a workspace is nothing that a task should load. */
const forGenerators = /[\\/](generators|core[\\/]generate)[\\/]/;

/**
 * Writes the code of a package to `<to>/dist`: one CommonJS file with its source map for each entry, and what several doors of
 * Nx need in files of its own below `dist/shared`, so that a task loads few files and nothing is there twice. The entries that
 * others import are whole in themselves. What the package declares for its users (dependencies and peers) and Node stay outside; all
 * else goes in, packages of this repository too. Licences of what went in stand in `dist/third-party-licenses.txt`.
 */
export async function bundlePackage(name, to) {
  const { rolldown } = await loadRolldown();
  const src = join(root, 'packages', name, 'src');
  const doors = doorsOf(name);
  const groups = [...publicEntriesOf(name).map((entry) => [entry]), doors];
  const used = new Set();
  for (const group of groups.filter(({ length }) => length > 0)) {
    const bundle = await rolldown({
      cwd: root,
      platform: 'node',
      input: Object.fromEntries(group.map((entry) => [entry, join(src, `${entry}.ts`)])),
      external: outsideOf(name).filter((one) => !(group === doors && inDoors.test(one.source))),
      tsconfig: join(root, 'tsconfig.base.json'),
      transform: { target: 'node20.19' },
      logLevel: 'warn',
    });
    const { output } = await bundle.write({
      dir: join(to, 'dist'),
      format: 'cjs',
      exports: 'named',
      entryFileNames: '[name].js',
      chunkFileNames: 'shared/[name]-[hash].js',
      codeSplitting: {
        groups: [
          { name: 'packages', test: loadsPackages, priority: 2 },
          { name: 'shared', test: (id) => !forGenerators.test(id), minShareCount: 2, priority: 1 },
          { name: 'generators', minShareCount: 2 },
        ],
      },
      banner: ({ isEntry, name: entry }) => (isEntry ? firstLineOf(entry) : ''),
      comments: false,
      // Names and lines of the sources for whoever reads a stack trace; the sources themselves are in the repository.
      sourcemap: true,
      sourcemapExcludeSources: true,
    });
    await bundle.close();
    for (const { type, fileName, code } of output)
      if (type === 'chunk') writeFileSync(join(to, 'dist', fileName), inPlainLetters(code));
    for (const { moduleIds = [] } of output)
      for (const id of moduleIds) used.add(relative(root, id).replaceAll('\\', '/'));
  }
  const licences = licencesOf([...used]);
  if (licences !== '') writeFileSync(join(to, 'dist', 'third-party-licenses.txt'), licences);
}

/**
 * Code whose every letter is one of ASCII: Node reads such a file in half the time, and holds it, as long as it runs, in half the
 * memory. Literals are where other letters stand; `String.raw` must not have any.
 */
function inPlainLetters(code) {
  return code.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function manifestOf(name) {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}

async function loadRolldown() {
  try {
    return await import('rolldown');
  } catch (error) {
    throw new Error('rolldown, which builds the packages, is not installed. Run: npm ci', { cause: error });
  }
}

/** Packages that a bundle of `name` asks for when it runs. */
function outsideOf(name) {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
  const own = new Set(packageNames.map((one) => manifestOf(one).name));
  return Object.keys({ ...dependencies, ...peerDependencies })
    .filter((one) => !own.has(one))
    .map((one) => new RegExp(`^${one}(/|$)`));
}

/** Name, version and licence text of every package that one of the files belongs to. */
function licencesOf(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e/i.test(one));
      const label = `${manifest.name} ${manifest.version}`;
      if (file === undefined) throw new Error(`${label} goes into a bundle and has no licence file.`);
      return `${label} (${manifest.license})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
    })
    .sort()
    .join(`\n${'-'.repeat(72)}\n\n`);
}
