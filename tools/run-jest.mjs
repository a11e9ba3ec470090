import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';

/**
 * `run-jest <report> <once|again> <options of Jest>`: runs Jest on two workers and leaves `<report>.json`, which is
 * `{ passed, failed, unsteady: [{ file, test, message }] }`. With `again`, each spec file that fails runs once more when
 * all others are done, in band: what passes then counts as passed, and is listed as unsteady with what it failed by.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [report = '', mode = 'once', ...options] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
rmSync(`${report}.json`, { force: true });

const first = await jest('first', ['--maxWorkers=2', ...options]);
const failing = failingFiles(first.results);
const isAgain = mode === 'again' && failing.length > 0;
const paths = failing.map(({ name }) => name);
if (isAgain) console.log(`\nRun once more, alone: ${paths.map(shortName).join(', ')}`);
const second = isAgain
  ? await jest('second', ['--runInBand', ...options, '--runTestsByPath', ...paths])
  : { ok: first.ok, results: [] };

const repeated = new Map(second.results.map((file) => [file.name, file]));
const unsteady = failing.filter(({ name }) => repeated.get(name)?.status === 'passed').map(firstFailure);
const counts = first.results.map((file) => countsOf(repeated.get(file.name) ?? file));
const sum = (key) => counts.reduce((all, one) => all + one[key], 0);
writeFileSync(
  `${report}.json`,
  `${JSON.stringify({ passed: sum('passed'), failed: sum('failed'), unsteady }, null, 2)}\n`,
);
process.exitCode = second.ok && sum('failed') === 0 ? 0 : 1;

/** One run with its output shown: its exit code, and what it found for each spec file. */
async function jest(name, args) {
  const file = `${report}-${name}.json`;
  rmSync(file, { force: true });
  const bin = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { exitCode } = await execa(process.execPath, [bin, '--json', `--outputFile=${file}`, ...args], {
    cwd: root,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
  });
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : [];
  return { ok: exitCode === 0, results };
}

function failingFiles(results) {
  return results.filter(({ status }) => status === 'failed');
}

/** A file that cannot be loaded is one failure. */
function countsOf({ status, assertionResults }) {
  const count = (state) => assertionResults.filter((test) => test.status === state).length;
  return { passed: count('passed'), failed: Math.max(count('failed'), status === 'failed' ? 1 : 0) };
}

function firstFailure({ name, message, assertionResults }) {
  const test = assertionResults.find(({ status }) => status === 'failed');
  const text = test?.failureMessages[0] ?? message;
  return {
    file: shortName(name),
    test: test?.fullName ?? 'the file itself',
    message: withoutRunner(stripVTControlCharacters(text)),
  };
}

/** The frames of Jest itself tell nobody anything. */
function withoutRunner(text) {
  return text.replaceAll(/\n +at [^\n]*node_modules\/jest-[^\n]*/g, '');
}

function shortName(path) {
  return relative(root, path);
}
