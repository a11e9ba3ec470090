import { appendFileSync, readFileSync } from 'node:fs';
import { median } from './bench-workspace.mjs';

/**
 * One row of a benchmark: `name`; `ours` and `floor` in `unit`, `floor` being what the same thing costs without the runner,
 * where there is such a thing; `ratio` of the two; `budget`, what `ratio` (or `ours`, where nothing is compared) may be at
 * most; `spread`, half the distance between the quartiles of the ratio; `points`, `[size, milliseconds]` of what grows with `about`. Prints the rows; `npm run bench` collects them.
 */
export function report(title, rows) {
  console.log(title);
  console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, shown(row)])));
  const { NX_WAVE_BENCH_ROWS: file, NX_WAVE_BENCH_COMMAND: command } = process.env;
  if (file !== undefined)
    appendFileSync(file, rows.map((row) => `${JSON.stringify({ title, command, ...row })}\n`).join(''));
}

/** Whether a row is within its budget; null where it has none. */
export function isWithin({ ours, ratio = ours, budget }) {
  return budget === undefined ? null : ratio <= budget;
}

export function shown(row) {
  const { ours, floor, unit, ratio, spread, budget } = row;
  const within = isWithin(row);
  return {
    ours: rounded(ours),
    floor: floor === undefined ? '-' : rounded(floor),
    unit,
    ratio: ratio === undefined ? '-' : Number(ratio.toFixed(3)),
    '±': spread === undefined ? '-' : Number(spread.toFixed(3)),
    budget: budget ?? '-',
    within: within === null ? '-' : within ? 'yes' : 'NO',
  };
}

function rounded(value) {
  return value >= 100 ? Math.round(value) : Number(value.toFixed(2));
}

/**
 * Does two things in turn, so that a busy moment hits both, after each was done once to warm the machine. Each gives numbers
 * by name (`wall`, `cpu`); the answer has, for each name, the medians, the median ratio and its spread.
 */
export function inTurn(rounds, { ours, floor }) {
  return allInTurn(rounds, { ours, floor }).ours;
}

/** The same for several things against one `floor`: the answers by their names. */
export function allInTurn(rounds, works) {
  for (const work of Object.values(works)) work();
  const taken = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, work] of round % 2 === 0 ? Object.entries(works) : Object.entries(works).reverse())
      taken[name].push(work());
  const { floor, ...others } = taken;
  return Object.fromEntries(Object.entries(others).map(([name, ours]) => [name, compared(ours, floor)]));
}

function compared(ours, floor) {
  const names = Object.keys(ours[0]);
  return Object.fromEntries(
    names.map((name) => {
      const [mine, theirs] = [ours, floor].map((all) => all.map((one) => one[name]));
      const ratios = mine.map((value, at) => value / theirs[at]).sort((a, b) => a - b);
      const quarter = (part) => ratios[Math.floor((ratios.length - 1) * part)];
      const spread = (quarter(0.75) - quarter(0.25)) / 2;
      return [name, { ours: median(mine), floor: median(theirs), ratio: median(ratios), spread }];
    }),
  );
}

/** Wall and CPU milliseconds of a piece of work that waits for its processes. CPU is that of the processes (Linux), else NaN. */
export function costOf(work) {
  const [from, before] = [performance.now(), childrenMs()];
  work();
  return { wall: performance.now() - from, cpu: childrenMs() - before };
}

/** Fields 16 and 17 of proc(5): user and system time of all processes that were waited for, in ticks of 10 ms. */
function childrenMs() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').pop().split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return NaN;
  }
}
