import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { cheats, honest } from './all-cases';
import { type CaseEnd, runCase, runWaveCase } from './run-case';
import { waveCheats, waveHonest } from './stewards';
import { missedGoals, ratesOf, renderLine, renderPage, type Row } from './table';

const page = join(__dirname, '../../docs/reference/proof-cases.md');
/** Cheats at each level until one refuses; honest work where it matters, and at `strict` where that is asked for. */
const levels = ['exit', 'checked', 'strict'] as const;
const honestLevels = process.argv.includes('--strict')
  ? (['checked', 'strict'] as const)
  : (['checked'] as const);
const waveLevels = ['exit', 'checked'] as const;

interface Work {
  row: Omit<Row, 'end'>;
  run(): Promise<CaseEnd>;
}

/** `npm run proof:cases [-- name …]`: all cases, or those whose names begin so; then no page is written. */
async function main(): Promise<number> {
  const names = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  const told = process.argv.includes('--why');
  const wanted = (id: string) => names.length === 0 || names.some((name) => id.startsWith(name));
  const slices = [...cheats, ...honest].map((one): Work => ({
    row: { ...one, runner: one.shape.runner },
    run: () => runCase(one, { levels: 'caught' in one ? levels : honestLevels, holdOut: true }),
  }));
  const waves = [...waveCheats, ...waveHonest].map((one): Work => ({
    row: { ...one, runner: 'node:test' },
    run: () => runWaveCase(one, 'caught' in one ? waveLevels : honestLevels),
  }));
  const rows: Row[] = [];
  const waiting = [...slices, ...waves].filter(({ row }) => wanted(row.id));
  const order = waiting.map(({ row }) => row.id);
  const worker = async () => {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      const started = performance.now();
      const { id, kind, runner, caught, why } = work.row;
      const end = await work.run();
      const row: Row = { id, kind, runner, end, ...(caught ? { caught } : {}), ...(why ? { why } : {}) };
      rows.push(row);
      print(renderLine(row, (performance.now() - started) / 1000));
      if (told)
        for (const one of Object.values(end)) one.messages.forEach((message) => print(`    ${message}`));
    }
  };
  await Promise.all([worker(), worker()]);
  rows.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  const bad = rows.filter(({ caught }) => caught !== undefined);
  const good = rows.filter(({ caught }) => caught === undefined);
  const rates = ratesOf(bad, good);
  print(JSON.stringify(rates, null, 2));
  if (names.length > 0) return 0;
  const text = renderPage(bad, good, rates);
  writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));
  const missed = missedGoals(rates);
  for (const goal of missed) print(`MISSED: ${goal}`);
  return missed.length === 0 ? 0 : 1;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

void main().then((code) => (process.exitCode = code));
