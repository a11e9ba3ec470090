import { mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDoors } from './build-doors.mjs';
import { planTrials } from './plan.mjs';
import { scenarioNames } from './scenarios.mjs';
import { renderTable, writePromises } from './table.mjs';
import { openBench } from './trial.mjs';

/**
 * `npm run test:faults`: disturbs real commands of the engine at their effects, does then what a person would do, and looks
 * at what is left. Options: `--seed S`, `--short` (what the long tests run), `--only <part of a row's title>`,
 * `--scenario <part of its name>`, `--at k` (effect k alone, with all output), `--limit n` (trials of each row at most),
 * `--minutes m` (what is not done by then is left out and said), `--write` (the table goes into docs/promises.md). Exit code 1
 * when a row is red.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    scenario: { type: 'string', default: '' },
    at: { type: 'string' },
    limit: { type: 'string' },
    minutes: { type: 'string', default: '150' },
    write: { type: 'boolean', default: false },
  },
});
const started = Date.now();
const until = started + Number(values.minutes) * 60_000;
const seed = Number(values.seed);
const folder = realpathSync(mkdtempSync(join(memoryOrDisk(), 'nx-wave-faults-')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const doors = await buildDoors(join(folder, 'doors'));
const benches = [0, 1].map((number) => openBench(join(folder, `bench-${number}`), doors));
const rows = await plan();
const results = rows.map((row) => ({ ...row, done: [] }));
const queue = results.flatMap((row) => row.chosen.map((trial) => ({ row, trial })));
await Promise.all(benches.map(work));

const table = renderTable(results, { seed, short: values.short, seconds: (Date.now() - started) / 1000 });
console.log(`\n${table}`);
if (queue.length > 0) console.log(`\n${queue.length} trials were left out: the time was over.`);
if (values.write) writePromises(table);
process.exitCode = results.some(isRed) ? 1 : 0;

/** Both benches trace every scenario; the effects of the first one are the plan. */
async function plan() {
  const names = scenarioNames.filter((name) => name.includes(values.scenario));
  const traced = await Promise.all(
    benches.map(async (bench) => {
      const traces = [];
      for (const name of names) traces.push([name, await bench.reference(name)]);
      return traces;
    }),
  );
  for (const [name, { problems }] of traced[0])
    if (problems.length > 0)
      throw new Error(`${name} does not end well without a fault: ${JSON.stringify(problems)}`);
  const traces = traced[0].map(([name, { effects }]) => [name, effects]);
  return planTrials(traces, {
    size: values.short ? 'short' : 'full',
    seed,
    ...(values.limit === undefined ? {} : { limit: Number(values.limit) }),
    ...(values.at === undefined ? {} : { effect: Number(values.at) }),
  }).filter(({ title }) => title.includes(values.only));
}

async function work(bench) {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (Date.now() > until) {
      queue.unshift(next);
      return;
    }
    const { row, trial } = next;
    const result = await bench.trial(trial);
    row.done.push({ ...trial, ...result });
    if (result.reached && (result.problems.length > 0 || values.at !== undefined)) report(row, trial, result);
    const count = results.reduce((sum, { done }) => sum + done.length, 0);
    if (count % 100 === 0) console.log(`${count} trials, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
}

function report({ title }, { scenario, fault, label }, { problems, outputs }) {
  console.log(
    `\n${problems.length > 0 ? 'RED' : 'ok'}: ${title}; ${scenario}, effect ${fault.at}: ${label} (${JSON.stringify(fault)})`,
  );
  for (const { kind, text } of problems) console.log(`  ${kind}: ${text}`);
  if (values.at !== undefined)
    console.log(outputs.map((one) => one.replace(/^/gm, '    | ')).join('\n    ----\n'));
}

function isRed({ done }) {
  return done.some(({ problems = [] }) => problems.length > 0);
}

/** Flushing costs nothing in memory, and what a flush is for is played by the trials themselves. */
function memoryOrDisk() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return process.env.TMPDIR === undefined && bavail * bsize > 2 ** 31 ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}
