import { join } from 'node:path';
import { createCageRig, machineHasCage } from '../../packages/wave-plugin/src/testing/cage-rig';

const rounds = Number(process.argv[2] ?? 30);
/** Milliseconds that a cage may add to a command. */
const budget = 150;
const commands = [['true'], ['git', '--version'], ['node', '-e', '0']];

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The exit code is 1 where the median of a command is beyond the budget. */
async function main(): Promise<number> {
  if (!machineHasCage) {
    process.stdout.write('This machine can have no cage: nothing was measured.\n');
    return 0;
  }
  const rig = createCageRig();
  const rows = [];
  try {
    for (const words of commands) {
      const taken = { caged: [] as number[], open: [] as number[] };
      // The first of each warms the machine, and finds the cage.
      for (let round = -1; round < rounds; round += 1)
        for (const form of round % 2 === 0 ? (['caged', 'open'] as const) : (['open', 'caged'] as const)) {
          const from = performance.now();
          const { code } = await rig.run(words, { caged: form === 'caged' });
          if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
          if (round >= 0) taken[form].push(performance.now() - from);
        }
      const added = taken.caged.map((ms, at) => ms - (taken.open[at] ?? 0));
      rows.push({ name: `a cage around ${words.join(' ')}`, ours: median(added), unit: 'ms added', budget });
    }
  } finally {
    rig.dispose();
  }
  const { report } = (await import(join(__dirname, 'report.mjs'))) as {
    report: (title: string, rows: readonly object[]) => void;
  };
  report('a command in a cage and without one, by the same door', rows);
  return rows.every(({ ours }) => ours <= budget) ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));
