import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkMachine, installIfNeeded } from './install.mjs';
import { makeMemoryFolder } from './memory-folder.mjs';

/**
 * `npm test`: everything that must hold before a change lands, within five minutes. `--fast` leaves out what starts real
 * Nx runs; `--slow` runs only the long integration tests (`*.slow.e2e.spec.ts`), which CI runs as well.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fast = process.argv.includes('--fast');
const slow = process.argv.includes('--slow');
checkMachine();
installIfNeeded(root);
// Only there once the dependencies are.
const { execa } = await import('execa');

const reports = join(root, '.tmp', 'test-reports');
if (!slow) rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const bin = (...path) => join(root, 'node_modules', ...path);
const jest = (report, ...args) => ({
  file: join(reports, `${report}.json`),
  args: [bin('jest', 'bin', 'jest.js'), '--json', `--outputFile=${join(reports, `${report}.json`)}`, ...args],
});
const unit = jest('unit', '--testPathIgnorePatterns', 'e2e\\.spec\\.ts$', '--maxWorkers=2');
const whole = jest(
  'e2e',
  '--testPathPatterns',
  'e2e\\.spec\\.ts$',
  '--testPathIgnorePatterns',
  'slow\\.e2e\\.spec\\.ts$',
  '--maxWorkers=2',
);
const long = jest('slow', '--testPathPatterns', 'slow\\.e2e\\.spec\\.ts$', '--maxWorkers=2');
const tsc = (project) => [bin('typescript', 'bin', 'tsc'), '-p', project];

/** The packages as published, for the workspaces of tests: made here while there is something to do beside it. */
const packages = { name: 'packages for tests', args: [join(root, 'tools', 'test-packages.mjs')] };

/** The longest first: the two cores then end together. */
const everyday = [
  { name: 'format', args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'types: all', args: tsc('tsconfig.json') },
  { name: 'lint', args: [bin('eslint', 'bin', 'eslint.js'), '--max-warnings=0', '.'] },
  {
    name: 'imports',
    args: [
      bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.cjs', 'packages/wave-schemas/src', 'packages/wave-plugin/src'],
    ],
  },
  { name: 'types: schemas and pure core', args: tsc('packages/wave-plugin/tsconfig.pure.json') },
  packages,
  { name: 'types: example', args: tsc('apps/example/tsconfig.json') },
  { name: 'example tests', args: [join(root, 'apps', 'example', 'tools', 'run-tests.mjs')] },
  { name: 'unit tests', args: unit.args, report: unit.file, alone: true },
  ...(fast ? [] : [{ name: 'integration tests', args: whole.args, report: whole.file, alone: true }]),
];

/** The everyday tests keep their files in memory where they can; the long ones meet the real disk. */
const memory = slow ? null : makeMemoryFolder();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const steps = slow
  ? [packages, { name: 'long integration tests', args: long.args, report: long.file, alone: true }]
  : everyday;

const started = Date.now();
const results = [];
const pending = steps.filter(({ alone }) => !alone);
// Static checks share the two cores; test runs bring workers of their own.
const worker = async () => {
  for (let step = pending.shift(); step !== undefined; step = pending.shift()) results.push(await run(step));
};
await Promise.all([worker(), worker()]);
for (const step of steps.filter(({ alone }) => alone)) results.push(await run(step));

const counts = { passed: 0, failed: 0 };
for (const { report } of steps) {
  if (!report || !existsSync(report)) continue;
  const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  counts.passed += numPassedTests;
  counts.failed += numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : numRuntimeErrorTestSuites);
}
console.log(`\nSummary of npm test (${((Date.now() - started) / 1000).toFixed(0)} s)`);
for (const { name, ok, seconds } of results)
  console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
const line = `${counts.passed} passed, ${counts.failed} failed`;
console.log(line);
writeFileSync(join(reports, slow ? 'summary-slow.txt' : 'summary.txt'), `${line}\n`);
process.exitCode = results.every(({ ok }) => ok) && counts.passed > 0 ? 0 : 1;

async function run(step) {
  const from = Date.now();
  console.log(`... ${step.name}`);
  const { exitCode, all } = await execa(process.execPath, step.args, {
    cwd: root,
    env: { NX_TUI: 'false', NX_DAEMON: 'false', ...(memory ? { TMPDIR: memory } : {}) },
    stdin: 'ignore',
    ...(step.alone ? { stdout: 'inherit', stderr: 'inherit' } : { all: true }),
    reject: false,
  });
  const ok = exitCode === 0;
  if (!ok && all) console.log(all);
  const seconds = ((Date.now() - from) / 1000).toFixed(0);
  console.log(`${ok ? 'ok ' : 'FAILED'} ${step.name} (${seconds} s)`);
  return { name: step.name, ok, seconds };
}
