import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePerformance } from './performance.mjs';
import { isWithin, shown } from './report.mjs';

/**
 * `npm run bench`: what the runner costs, in one table, with the same rows as JSON in `.tmp/bench/results.json`. Each row
 * compares two things in turn within one run. `--full` (`npm run bench:full`) takes the rows that need minutes as well; words
 * name the benchmarks to run. A row beyond its budget is told, and is the exit code. `--write` writes `docs/performance.md` and
 * its plots from what was measured.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(root, '.tmp', 'bench');
const rowsFile = join(folder, 'rows.jsonl');
const full = process.argv.includes('--full');
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));

/** Scripts with their arguments: the quick form, and what the full one takes instead. */
const benchmarks = [
  { name: 'counts', script: 'counts.mjs', quick: [] },
  { name: 'live', script: 'live-wave.mjs', quick: ['4', '3', 'exit'], full: ['4', '7', 'exit'] },
  { name: 'where', script: 'where.mjs', full: ['5'] },
  { name: 'live-defaults', script: 'live-wave.mjs', full: ['4', '5', 'defaults'] },
  { name: 'earlier', script: 'earlier.mjs', full: ['5'] },
  { name: 'cached', script: 'cached-launch.mjs', quick: ['3'], full: ['9'] },
  { name: 'load', script: 'load.mjs', quick: ['5'], full: ['15'] },
  { name: 'cage', script: 'cage.mjs', quick: ['15'], full: ['30'] },
  { name: 'store-hit', script: 'store-hit.mjs', quick: ['2'], full: ['7'] },
  { name: 'graph', script: 'graph.mjs', quick: ['100', '1'], full: ['1000', '3', 'all'] },
  { name: 'linear', script: 'linear.mjs', quick: [] },
  { name: 'forecast', script: 'forecast.mjs', quick: [] },
  { name: 'checkout', script: 'checkout.mjs', quick: ['100'], full: ['100', '10000', '50000'] },
  { name: 'merges', script: 'merges.mjs', quick: ['2', '10'], full: ['2', '5', '10', '20', '40'] },
  { name: 'memory', script: 'memory.mjs', quick: ['100'], full: ['1000'] },
  { name: 'live-10', script: 'live-wave.mjs', full: ['10', '3', 'exit'] },
  { name: 'many-agents', script: 'many-agents.mjs', full: ['2'] },
  { name: 'live-10-defaults', script: 'live-wave.mjs', full: ['10', '3', 'defaults'] },
  { name: 'graph-10', script: 'graph.mjs', full: ['10', '3', 'all'] },
  { name: 'graph-100', script: 'graph.mjs', full: ['100', '3', 'all'] },
  { name: 'makespan', script: 'makespan.mjs', full: ['20'] },
  { name: 'start', script: 'start.mjs', full: [] },
];

const wanted = benchmarks.filter((one) =>
  words.length > 0 ? words.includes(one.name) : full || one.quick !== undefined,
);
const commandOf = (script, given) => ['node', `tools/bench/${script}`, ...given].join(' ');
/** In the one form or the other: what is measured now takes the place of both. */
const replaced = new Set(
  wanted.flatMap(({ script, quick, full: long }) =>
    [quick, long].flatMap((given) => (given === undefined ? [] : commandOf(script, given))),
  ),
);
const earlier = words.length > 0 ? rowsBefore().filter(({ command }) => !replaced.has(command)) : [];
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version,
  git: spawnSync('git', ['--version'], { encoding: 'utf8' }).stdout.trim(),
  loadBefore: Number(loadavg()[0].toFixed(1)),
  commit: spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim(),
};
console.log(Object.values(machine).join(', '));
if (machine.loadBefore > 0.5) console.log('The machine is not idle: counts hold, times do not.');

const failed = [];
for (const { name, script, ...args } of wanted) {
  const given = (full ? args.full : args.quick) ?? args.full ?? args.quick;
  const command = commandOf(script, given);
  const from = performance.now();
  const { status } = spawnSync(process.execPath, [join(root, 'tools', 'bench', script), ...given], {
    cwd: root,
    env: { ...process.env, NX_WAVE_BENCH_ROWS: rowsFile, NX_WAVE_BENCH_COMMAND: command },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) failed.push(name);
  const seconds = Math.round((performance.now() - from) / 1000);
  console.log(`${status === 0 ? 'measured' : 'FAILED'} in ${seconds} s: ${[script, ...given].join(' ')}`);
}

const lines = existsSync(rowsFile) ? readFileSync(rowsFile, 'utf8').split('\n').filter(Boolean) : [];
const rows = lines.map((line) => JSON.parse(line));
const all = [...earlier, ...rows];
console.table(Object.fromEntries(rows.map((row) => [row.name, shown(row)])));
writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ machine, full, rows: all }, null, 2)}\n`);
if (process.argv.includes('--write')) await writePerformance(root, { machine, rows: all });
const beyond = rows.filter((row) => isWithin(row) === false);
for (const { name } of beyond) console.log(`beyond its budget: ${name}`);
for (const name of failed) console.log(`could not be measured: ${name}`);
process.exitCode = beyond.length + failed.length === 0 ? 0 : 1;

/** Rows of benchmarks that are not measured now, from the last time that they were. */
function rowsBefore() {
  try {
    return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')).rows;
  } catch {
    return [];
  }
}
