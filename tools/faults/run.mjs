import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDoors } from './build-doors.mjs';
import { openJournal } from './journal.mjs';
import { runControls } from './controls.mjs';
import { nxRows } from './nx.mjs';
import { planTrials, randomOf } from './plan.mjs';
import { scenarioNames, shortScenarios } from './scenarios.mjs';
import { renderTable, writePromises } from './table.mjs';
import { openBench } from './trial.mjs';
import { root } from '../packages.mjs';

/**
 * `npm run test:faults`: disturbs real commands of the engine at their effects, does then what a person would do, and looks
 * at what is left. Options: `--seed S`, `--short` (what the long tests run), `--negative` (the negative controls alone),
 * `--only <expression for the titles of rows>`, `--scenario <part of its name>`, `--at k` (effect k alone, with all output), `--limit n`
 * (trials of each row at most), `--minutes m` (what is not done by then is left out and said), `--workers n` (trials at the same
 * time; each prepares its own copies), `--real` (no trial begins with a copy), `--nx` (the trials through real Nx,
 * and no others), `--journal file` (results are kept there, and a run that was cut short goes on
 * with what it has left), `--write` (the table goes into docs/promises.md). Exit code 1 when a row is red, or when a negative
 * control is not.
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
    workers: { type: 'string' },
    real: { type: 'boolean', default: false },
    nx: { type: 'boolean', default: false },
    journal: { type: 'string' },
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
const benches = Array.from(
  { length: Number(values.workers ?? (values.short || values.negative ? 1 : 2)) },
  (_, at) => openBench(join(folder, `bench-${at}`), doors),
);
const commit = commitOf();
const journal = openJournal(values.journal, { commit, ...values, minutes: null, workers: null, write: null });
const results = values.nx
  ? await nxRows({
      random: randomOf(seed),
      limit: Number(values.limit ?? 40),
      workers: benches.length,
      until,
      report,
    })
  : (values.negative ? [] : await journal.rows(plan)).map((row, at) => ({
      ...row,
      done: journal.done(at),
    }));
// Without any time left the table is made of what the journal holds.
const queue = values.nx || Date.now() >= until ? [] : await queueOf(results);
await Promise.all(benches.map(work));
const controls = values.negative || values.short ? await runControls(folder, benches[0]) : [];

const options = values.nx ? ' --nx' : values.short ? ' --short' : '';
const cpuMinutes = journal.cpuMinutes(cpuSeconds() / 60);
const table = renderTable(results, { seed, commit, options, cpuMinutes });
if (results.length > 0) console.log(`\n${table}`);
for (const { title, red, problems } of controls)
  console.log(
    `negative control, ${title}: ${red ? 'red, as it has to be' : `NOT RED ${JSON.stringify(problems)}`}`,
  );
if (values.write) writePromises(table, options);
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
    real: values.real,
    ...(values.limit === undefined ? {} : { limit: Number(values.limit) }),
    ...(values.at === undefined ? {} : { effect: Number(values.at) }),
  }).filter(({ title }) => new RegExp(values.only).test(title));
}

/**
 * What is still to be done, in groups: trials of a row that begin with the same bytes are one. Every row is begun before any is
 * finished: a run that is cut short has tried some of each.
 */
async function queueOf(all) {
  const groups = new Map();
  for (const [number, row] of all.entries()) {
    const known = new Set(row.done.map(({ at }) => at));
    for (const [at, trial] of row.chosen.entries()) {
      if (known.has(at)) continue;
      const { effects } = await benches[0].reference(trial.scenario);
      const state = trial.real ? undefined : effects[trial.fault.at - 1]?.state;
      const key = JSON.stringify([number, trial.scenario, state ?? at]);
      const group = groups.get(key) ?? { turn: at / row.chosen.length, trials: [] };
      group.trials.push({ number, at, trial });
      groups.set(key, group);
    }
  }
  return [...groups.values()].sort((a, b) => a.turn - b.turn).map(({ trials }) => trials);
}

async function work(bench) {
  if (queue.length === 0) return;
  await bench.prepare(results.flatMap(({ chosen }) => chosen));
  for (let group = queue.shift(); group !== undefined; group = queue.shift())
    for (const { number, at, trial } of group) {
      if (Date.now() > until) return;
      const row = results[number];
      const { outputs, ...tried } = await bench.trial(trial);
      const result = { scenario: trial.scenario, ...tried };
      row.done.push({ at, ...result });
      journal.add(number, { at, ...result });
      report(row, trial, { ...result, outputs });
      const count = results.reduce((sum, { done }) => sum + done.length, 0);
      if (count % 100 === 0)
        console.log(
          `${count} trials, ${((Date.now() - started) / 1000).toFixed(0)} s, CPU ${cpuSeconds().toFixed(0)} s`,
        );
    }
}

function report({ title }, trial, { problems = [], outputs, how, reached, label = trial.label }) {
  if (!reached || (problems.length === 0 && values.at === undefined)) return;
  const where = `${trial.scenario ?? trial.task ?? ''}, effect ${(trial.fault ?? trial).at ?? ''}`;
  console.log(
    `\n${problems.length > 0 ? 'RED' : 'ok'}: ${title}; ${where}: ${label} (${how}, ${JSON.stringify(trial.fault ?? trial)})`,
  );
  for (const { kind, text } of problems) console.log(`  ${kind}: ${text}`);
  if (values.at !== undefined || values.nx)
    console.log(outputs.map((one) => one.replace(/^/gm, '    | ')).join('\n    ----\n'));
}

function isRed({ done }) {
  return done.some(({ problems = [] }) => problems.length > 0);
}

/** CPU of this process and of all that it has waited for; null where the system does not tell. */
function cpuSeconds() {
  try {
    const [user, system, children, childrenSystem] = readFileSync('/proc/self/stat', 'latin1')
      .split(') ')[1]
      .split(' ')
      .slice(11, 15)
      .map(Number);
    return (user + system + children + childrenSystem) / 100;
  } catch {
    return process.cpuUsage().user / 1e6;
  }
}

/** The commit that is tried, or that it has changes. */
function commitOf() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const isClean = git('status', '--porcelain', '--', 'packages', 'tools/faults') === '';
  return `${git('rev-parse', '--short=10', 'HEAD')}${isClean ? '' : ' with changes'}`;
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
