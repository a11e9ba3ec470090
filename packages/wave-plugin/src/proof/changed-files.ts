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
  '**/{scripts,script,ci}/**',
  '**/*.sh',
];

/** Where functions serve tests or are written by tools. */
const besideTheWork =
  /(^|\/)(__tests__|__mocks__|__fixtures__|tests?|fixtures|testing|e2e|generated|__generated__|node_modules|dist)\/|\.(generated|gen|config|setup|stories|pb|mock)\.[cm]?[jt]sx?$|_pb\.[cm]?[jt]s$/;

const isFile = (image: FileChange['after']): boolean => image !== null && image.mode !== '120000';

/** Parts the changes of a slice. `settled` are deliverables and what the wave allows to change: they count as the work. */
export function changedFilesOf(
  changes: readonly FileChange[],
  { runners, settled }: { runners: readonly TestRunner[]; settled: readonly string[] },
): ChangedFiles {
  const isTest = (path: string) => runners.some((runner) => runner.isTestFile(path));
  const globs = [...configuration, ...runners.flatMap(({ configFiles }) => configFiles)];
  const isConfig = (path: string) => globs.some((glob) => minimatch(path, glob, { dot: true }));
  const found: ChangedFiles = { sources: [], tests: [], baseTests: [], baseConfig: [] };
  for (const { path, before, after } of [...changes].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (isTest(path)) {
      if (isFile(after)) found.tests.push(path);
      if (isFile(before) && !isOwned(settled, path)) found.baseTests.push(path);
    } else if (isConfig(path)) {
      if (isFile(before) && !isOwned(settled, path)) found.baseConfig.push(path);
    } else if (isFile(after) && languageOf(path) !== null && !besideTheWork.test(path))
      found.sources.push(path);
  }
  return found;
}
