import { type FileChange } from '@nx-wave/schemas';
import { minimatch } from 'minimatch';
import { isOwned } from '../core/verify/owned-paths';
import { type TestRunner } from './contracts';
import { languageOf } from './languages/registry';

/** What the changed paths of a slice are to its proof. Sorted; a path is in one list at most. */
export interface ChangedFiles {
  /** Sources whose functions can be emptied. */
  sources: string[];
  /** Test files that the slice has, new or changed. */
  tests: string[];
  /** Tests of the base that it changed or removed. */
  baseTests: string[];
  /** Configuration and scripts of the base that it changed or removed, and was not asked to. */
  baseConfig: string[];
  /** Configuration of test runners that the base does not have, and that nobody asked for. */
  newConfig: string[];
}

/** Compilers, linters, formatters, packages and tasks; runners name their own. */
const configuration = [
  '**/tsconfig*.json',
  '**/jsconfig*.json',
  '**/{.,}eslint*',
  '**/.eslintrc*',
  '**/.prettier*',
  '**/prettier.config.*',
  '**/biome.json{,c}',
  '**/babel.config.*',
  '**/.babelrc*',
  '**/.swcrc',
  '**/.{nyc,c8}rc*',
  '**/nx.json',
  '**/project.json',
  '**/package.json',
  '**/.npmrc',
  '**/Makefile',
  '**/*.sh',
  // Of the repository or of one package of it: deeper they are its product.
  '{scripts,script,ci,.github}/**',
  'tools/{scripts,script,ci}/**',
  '{packages,apps,libs,modules,services}/*/{scripts,script,ci}/**',
];

/** Where functions serve tests, show how something is used, move data once, or are written by tools. */
const besideTheWork: readonly RegExp[] = [
  /(^|\/)(__tests__|__mocks__|__fixtures__|tests?|specs?|fixtures|mocks|testing|test-utils|e2e|cypress|playwright|[^/]+-e2e)\//,
  /(^|\/)(generated|__generated__|gen|node_modules|dist|vendor|third_party)\//,
  /\.(generated|gen|g|config|conf|setup|stories|story|pb|mock|bench)\.[cm]?[jt]sx?$/,
  /\.(e2e|cy|pw|test|spec)([.-][\w-]+)?\.[cm]?[jt]sx?$/,
  /[-_](pb|generated|gen)\.[cm]?[jt]sx?$/,
  /(^|\/)(gulpfile|gruntfile|jakefile|\.[\w-]+rc)\.[cm]?[jt]s$/i,
];

/** The same, below a project: `apps/demo` is a product, and `apps/shop/demo` shows one. */
const besideInProject =
  /(^|\/)(benchmarks?|bench|examples?|demos?|playground|storybook|\.storybook|stories|migrations|seeds)\//;
const projectName = /^(apps|packages|libs|modules|services)\/[^/]+\//;

/** Whoever writes tests beside what shows something wants it to be held against them. `tested`: folders with tests of the slice. */
function isBesideTheWork(path: string, tested: ReadonlySet<string>): boolean {
  if (besideTheWork.some((pattern) => pattern.test(path))) return true;
  return besideInProject.test(path.replace(projectName, '$1/')) && !tested.has(folderOf(path));
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);

/** What the head of a file that a tool wrote says, in the words that linters and GitHub look for. */
const writtenByTool = /@generated\b|\bcode generated\b.*\bdo not edit\b|\bauto-?generated\b|\bdo not edit\b/i;

/** Whether the head of a text says that a tool wrote it. */
export function saysGenerated(text: string): boolean {
  const head = text.split('\n', 10).filter((line) => /^\s*(\/\/|\/?\*|#)/.test(line));
  return head.some((line) => writtenByTool.test(line));
}

const isFile = (image: FileChange['after']): boolean => image !== null && image.mode !== '120000';

/** Parts the changes of a slice. `settled` are deliverables and what the wave allows to change: they count as the work. */
export function changedFilesOf(
  changes: readonly FileChange[],
  { runners, settled }: { runners: readonly TestRunner[]; settled: readonly string[] },
): ChangedFiles {
  const isTest = (path: string) => runners.some((runner) => runner.isTestFile(path));
  const globs = [...configuration, ...runners.flatMap(({ configFiles }) => configFiles)];
  const isRunners = (path: string) =>
    runners.some(({ configFiles }) => configFiles.some((glob) => minimatch(path, glob, { dot: true })));
  const isConfig = (path: string) => globs.some((glob) => minimatch(path, glob, { dot: true }));
  const tests = changes.filter(({ path, after }) => isTest(path) && isFile(after));
  const tested = new Set(tests.map(({ path }) => folderOf(path)));
  const found: ChangedFiles = { sources: [], tests: [], baseTests: [], baseConfig: [], newConfig: [] };
  for (const { path, before, after } of [...changes].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (isTest(path)) {
      if (isFile(after)) found.tests.push(path);
      if (isFile(before) && !isOwned(settled, path)) found.baseTests.push(path);
    } else if (isConfig(path)) {
      if (isOwned(settled, path)) continue;
      if (isFile(before)) found.baseConfig.push(path);
      else if (isRunners(path)) found.newConfig.push(path);
    } else if (isFile(after) && languageOf(path) !== null && !isBesideTheWork(path, tested))
      found.sources.push(path);
  }
  return found;
}
