import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { machineHasCage } from '../../packages/wave-plugin/src/testing/cage-rig';
import { hostileAgents } from './agents';
import { openDecoys } from './decoys';
import { hostileProofs } from './proofs';
import { runBare, runLaunched, type AttackRun } from './run-attack';
import { missedGoals, renderLine, renderPage, type Row } from './table';

const page = join(__dirname, '../../docs/reference/hostile-cases.md');

/** `npm run test:hostile [-- name …] [-- --write --why]`: all attacks, or those whose names begin so. */
async function main(): Promise<number> {
  const names = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  const [writes, why] = ['--write', '--why'].map((flag) => process.argv.includes(flag));
  await using decoys = await openDecoys();
  const all: AttackRun[] = [
    ...hostileAgents.map((attack) => ({ attack, by: 'agent' as const, decoys })),
    ...hostileProofs.map((attack) => ({ attack, by: 'proof' as const, decoys })),
  ].filter(({ attack }) => names.length === 0 || names.some((name) => attack.id.startsWith(name)));
  const rows: Row[] = [];
  for (const run of all) {
    const started = performance.now();
    const { attack, by } = run;
    const control = await runBare(run);
    const open = await runLaunched(run, { caged: false });
    const caged = machineHasCage ? await runLaunched(run, { caged: true }) : null;
    const row: Row = { attack, by, control, open, caged };
    rows.push(row);
    print(renderLine(row, (performance.now() - started) / 1000));
    if (why)
      for (const [name, one] of Object.entries({ open, caged }))
        one?.lines.forEach((line) => print(`    ${name}: ${line}`));
  }
  if (!machineHasCage) print('This machine has no cage: its column is empty, and nothing is said of it.');
  const missed = missedGoals(rows);
  for (const goal of missed) print(`MISSED: ${goal}`);
  print(`${rows.length} attacks, ${missed.length} goals missed`);
  if (writes && names.length === 0)
    writeFileSync(page, await format(renderPage(rows), { ...(await resolveConfig(page)), filepath: page }));
  return missed.length === 0 ? 0 : 1;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

void main().then((code) => (process.exitCode = code));
