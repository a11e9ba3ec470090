import { parseJson } from '../../core/parse-json';
import type { ReportFile, ReportPlace, TestCase, TestFile, TestReport } from '../contracts';

/**
 * What the hook of a runner writes when a run has ended, in the runner's own words: `{files: [{path, broken, tests:
 * [{titles, state}]}]}`. Paths are absolute; `broken` is a file that could not be loaded or failed as a whole. The hooks are
 * ours, but the tests run beside them: whatever does not have this shape is no report.
 */
interface ObservedFile {
  path: string;
  broken: boolean;
  tests: { titles: string[]; state: string }[];
}

/** Which words of a runner mean passed and failed; every other one is `skipped`. */
export interface StateWords {
  passed: readonly string[];
  failed: readonly string[];
}

/** A test that names no file: some runners allow tests that are made by programs. */
const unknownFile = '(unknown)';

/** The text that a hook carries into the file of a report folder that it writes: never one that another process writes. */
export const reportNameCode = (id: string) => `'${id}-' + process.pid + '-' + (runs += 1) + '.json'`;

/**
 * All reports of one command as one. Null where there is none, where one of them is no report, or where every file is
 * outside of the workspace: a run of something else, such as a runner that tests itself.
 */
export function readObserved(
  reports: readonly ReportFile[],
  place: ReportPlace,
  words: StateWords,
): TestReport | null {
  if (reports.length === 0) return null;
  const found = new Map<string, TestCase[]>();
  let outside = false;
  for (const { text } of reports) {
    const files = observedFiles(parseJson(text));
    if (files === null) return null;
    for (const file of files) {
      const path = insideWorkspace(file.path, place.root);
      if (path === null) outside = true;
      else found.set(path, [...(found.get(path) ?? []), ...casesOf(file, words)]);
    }
  }
  if (outside && found.size === 0) return null;
  const paths = [...found.keys()].sort();
  return { files: paths.map((path): TestFile => ({ path, tests: found.get(path) ?? [] })) };
}

function casesOf({ broken, tests }: ObservedFile, words: StateWords): TestCase[] {
  const cases = tests.map(({ titles, state }): TestCase => {
    const known = words.passed.includes(state)
      ? 'passed'
      : words.failed.includes(state)
        ? 'failed'
        : 'skipped';
    return { name: titles.join(' > '), state: known };
  });
  const told = cases.some(({ state }) => state === 'failed');
  return broken && !told ? [...cases, { name: '(the file itself)', state: 'failed' }] : cases;
}

function insideWorkspace(path: string, root: string): string | null {
  if (path === '') return unknownFile;
  const plain = path.replaceAll('\\', '/');
  const folder = `${root.replaceAll('\\', '/')}/`;
  return plain.startsWith(folder) ? plain.slice(folder.length) : null;
}

function observedFiles(value: unknown): ObservedFile[] | null {
  const files = (value as { files?: unknown } | null | undefined)?.files;
  return Array.isArray(files) && files.every(isObservedFile) ? files : null;
}

function isObservedFile(value: unknown): value is ObservedFile {
  const { path, broken, tests } = (value ?? {}) as Partial<Record<keyof ObservedFile, unknown>>;
  return (
    typeof path === 'string' &&
    typeof broken === 'boolean' &&
    Array.isArray(tests) &&
    tests.every((test: { titles?: unknown; state?: unknown } | null) => {
      const { titles, state } = test ?? {};
      return (
        Array.isArray(titles) && titles.every((one) => typeof one === 'string') && typeof state === 'string'
      );
    })
  );
}
