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
/** `again`: specs with real processes, whose files run once more alone where they fail; what that costs is said in the end. */
const jest = (report, mode, ...args) => ({
  report: join(reports, `${report}.json`),
  args: [join(root, 'tools', 'run-jest.mjs'), join(reports, report), mode, ...args],
});
const unit = jest('unit', 'once', '--testPathIgnorePatterns', 'e2e\\.spec\\.ts$');
const whole = jest(
  'e2e',
  'again',
  '--testPathPatterns',
  'e2e\\.spec\\.ts$',
  '--testPathIgnorePatterns',
  'slow\\.e2e\\.spec\\.ts$',
);
const long = jest('slow', 'again', '--testPathPatterns', 'slow\\.e2e\\.spec\\.ts$');
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
  { name: 'unit tests', ...unit, alone: true },
  ...(fast ? [] : [{ name: 'integration tests', ...whole, alone: true }]),
];

/** Tests keep their files in memory where they can. What CI runs besides meets the real disk: agents, strangers, the example. */
const memory = makeMemoryFolder();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const steps = slow ? [packages, { name: 'long integration tests', ...long, alone: true }] : everyday;

const started = Date.now();
const results = [];
const pending = steps.filter(({ alone }) => !alone);
// Static checks share the two cores; test runs bring workers of their own.
const worker = async () => {
  for (let step = pending.shift(); step !== undefined; step = pending.shift()) results.push(await run(step));
};
await Promise.all([worker(), worker()]);
for (const step of steps.filter(({ alone }) => alone)) results.push(await run(step));

const told = steps
  .filter(({ report }) => report && existsSync(report))
  .map(({ report }) => JSON.parse(readFileSync(report, 'utf8')));
const sum = (key) => told.reduce((all, one) => all + one[key], 0);
const unsteady = told.flatMap((one) => one.unsteady);
console.log(`\nSummary of npm test (${((Date.now() - started) / 1000).toFixed(0)} s)`);
for (const { name, ok, seconds } of results)
  console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
// A fault to mend all the same: a test that other work on the machine can turn red proves nothing there.
const shaken = unsteady.map(
  ({ file, test, message }) => `unsteady: ${file} (green alone; first it was red by: ${test})\n${message}\n`,
);
for (const text of shaken) console.log(text);
const line = `${sum('passed')} passed, ${sum('failed')} failed${shaken.length > 0 ? `, ${shaken.length} unsteady` : ''}`;
console.log(line);
const ending = slow ? '-slow.txt' : '.txt';
writeFileSync(join(reports, `summary${ending}`), `${line}\n`);
writeFileSync(join(reports, `unsteady${ending}`), shaken.join('\n'));
process.exitCode = results.every(({ ok }) => ok) && sum('passed') > 0 ? 0 : 1;

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
