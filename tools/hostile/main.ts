import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { machineHasCage } from '../../packages/wave-plugin/src/testing/cage-rig';
import { hostileAgents } from './agents';
import { openDecoys } from './decoys';
import { keepRow, keptRow, type Door } from './kept-rows';
import { openNxDoor } from './nx-door';
import { hostileProofs } from './proofs';
import { runBare, runLaunched, type AttackRun } from './run-attack';
import { missedGoals, renderLine, renderPage, type Row } from './table';

const page = join(__dirname, '../../docs/reference/hostile-cases.md');

/**
 * `npm run test:hostile [-- name …] [-- --engine --write --why]`: all attacks, or those whose names begin so. `--write` takes those
 * that are not run now from earlier runs.
 */
async function main(): Promise<number> {
  const names = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  const [writes, why, short] = ['--write', '--why', '--engine'].map((flag) => process.argv.includes(flag));
  const door: Door = short ? 'engine' : 'nx';
  using nx = short ? undefined : openNxDoor();
  await using decoys = await openDecoys();
  const all: AttackRun[] = [
    ...hostileAgents.map((attack) => ({ attack, by: 'agent' as const, decoys })),
    ...hostileProofs.map((attack) => ({ attack, by: 'proof' as const, decoys })),
  ];
  const rows: Row[] = [];
  for (const run of all.filter(({ attack: { id } }) => isNamed(id, names))) {
    const started = performance.now();
    const { attack, by } = run;
    const control = await runBare(run);
    const open = await runLaunched(run, { caged: false, nx });
    const caged = machineHasCage ? await runLaunched(run, { caged: true, nx }) : null;
    const row: Row = { attack, by, control, open, caged };
    rows.push(row);
    keepRow(door, row);
    print(renderLine(row, (performance.now() - started) / 1000));
    if (why)
      for (const [name, one] of Object.entries({ open, caged }))
        one?.lines.forEach((line) => print(`    ${name}: ${line}`));
  }
  if (!machineHasCage) print('This machine has no cage: its column is empty, and nothing is said of it.');
  const missed = missedGoals(rows);
  for (const goal of missed) print(`MISSED: ${goal}`);
  print(`${rows.length} attacks, ${missed.length} goals missed`);
  if (writes) await writePage(all, door);
  return missed.length === 0 ? 0 : 1;
}

const isNamed = (id: string, names: readonly string[]) =>
  names.length === 0 || names.some((name) => id.startsWith(name));

async function writePage(all: readonly AttackRun[], door: Door): Promise<void> {
  const known = all.map(({ attack, by }) => ({ id: attack.id, row: keptRow(door, attack, by) }));
  const missing = known.flatMap(({ id, row }) => (row === null ? [id] : []));
  if (missing.length > 0) {
    print(`not written: never run by this door: ${missing.join(', ')}`);
    return;
  }
  const text = renderPage(
    known.flatMap(({ row }) => row ?? []),
    door,
  );
  writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));
}

const print = (line: string) => process.stdout.write(`${line}\n`);

void main().then((code) => (process.exitCode = code));
