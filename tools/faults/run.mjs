import { mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDoors } from './build-doors.mjs';
import { runControls } from './controls.mjs';
import { planTrials } from './plan.mjs';
import { scenarioNames, shortScenarios } from './scenarios.mjs';
import { renderTable, writePromises } from './table.mjs';
import { openBench } from './trial.mjs';

/**
 * `npm run test:faults`: disturbs real commands of the engine at their effects, does then what a person would do, and looks
 * at what is left. Options: `--seed S`, `--short` (what the long tests run), `--negative` (the negative controls alone),
 * `--only <part of a row's title>`, `--scenario <part of its name>`, `--at k` (effect k alone, with all output), `--limit n`
 * (trials of each row at most), `--minutes m` (what is not done by then is left out and said), `--write` (the table goes into
 * docs/promises.md). Exit code 1 when a row is red, or when a negative control is not.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    short: { type: 'boolean', default: false },
    negative: { type: 'boolean', default: false },
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

/** Trials of this process that run at the same time. */
const width = 2;
const doors = await buildDoors(join(folder, 'doors'));
const benches = Array.from({ length: width }, (_, at) => openBench(join(folder, `bench-${at}`), doors));
const rows = values.negative ? [] : await plan();
const results = rows.map((row) => ({ ...row, done: [] }));
/** Every row is begun before any is finished: a run that is cut short has tried some of each. */
const queue = results
  .flatMap((row) => row.chosen.map((trial, at) => ({ row, trial, turn: at / row.chosen.length })))
  .sort((a, b) => a.turn - b.turn);
await Promise.all(benches.map(work));
const controls = values.negative || values.short ? await runControls(folder) : [];

const table = renderTable(results, {
  seed,
  short: values.short,
  minutes: (Date.now() - started) / 60_000,
  left: queue.length,
});
if (rows.length > 0) console.log(`\n${table}`);
for (const { title, red, problems } of controls)
  console.log(
    `negative control, ${title}: ${red ? 'red, as it has to be' : `NOT RED ${JSON.stringify(problems)}`}`,
  );
if (values.write) writePromises(table);
process.exitCode = results.some(isRed) || controls.some(({ red }) => !red) ? 1 : 0;

/** The effects of each scenario without a fault, and the trials that they give. */
async function plan() {
  const names = (values.short ? shortScenarios : scenarioNames).filter((name) =>
    name.includes(values.scenario),
  );
  const traces = [];
  for (const name of names) {
    const { effects, problems } = await benches[0].reference(name);
    if (problems.length > 0)
      throw new Error(`${name} does not end well without a fault: ${JSON.stringify(problems)}`);
    traces.push([name, effects]);
  }
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
