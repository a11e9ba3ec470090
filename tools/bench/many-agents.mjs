import { createBenchWorkspace, median } from './bench-workspace.mjs';
import { exitConfig, wavePath, writeWaveAndPlainProject } from './bench-wave.mjs';
import { costOf, report } from './report.mjs';

/**
 * How the runner's own part of a live wave grows: `node tools/bench/many-agents.mjs [rounds]`, 2 rounds where absent. The part is what a launch
 * takes more than the same task graph of empty executors, of CPU; what one agent more adds to it has to be the same in a wave of 40 as in one
 * of 10. (An exponent would tell of more than that: gates take less than an empty executor, so the part of a small wave is small.) All
 * sizes are measured in turn, so that a slow moment of the machine hits them alike, and one task runs at a time, because two that
 * share a core are counted longer. Three of the agents are stewards, the others build.
 */
const rounds = Number(process.argv[2] ?? 2);
const sizes = [10, 20, 40];
const args = ['--parallel=1'];
const waves = sizes.map((agents) => ({ agents, ...openWave(agents), parts: [] }));
try {
  for (let round = 0; round < rounds; round += 1)
    for (const { bench, text, parts } of round % 2 === 0 ? waves : waves.toReversed()) {
      bench.write(wavePath, text.replaceAll('Write it.', `Write it, round ${round}.`));
      const ours = costOf(() => bench.run('wave-1:launch', { args, says: 'outcome: closed' }));
      const floor = costOf(() => bench.run('plain:launch', { args }));
      parts.push(ours.cpu - floor.cpu);
    }
} finally {
  for (const { bench } of waves) bench.remove();
}
const [ten, twenty, forty] = waves.map(({ parts }) => median(parts));
const [first, later] = [(twenty - ten) / 10, (forty - twenty) / 20];
report('what a live wave takes more than empty executors that start the same programs, by its agents', [
  ...waves.map(({ agents, parts }) => ({
    name: `live wave of ${agents} agents, the runner's part, CPU`,
    ours: median(parts),
    unit: 'ms',
  })),
  {
    name: 'one agent more, from 20 to 40, against one more from 10 to 20, CPU',
    ours: later,
    floor: first,
    unit: 'ms',
    ratio: later / first,
    budget: 1.15,
  },
]);

function openWave(agents) {
  const bench = createBenchWorkspace();
  bench.json('wave.config.json', exitConfig);
  writeWaveAndPlainProject(bench, { agents, proof: true, plain: 'empty' });
  const text = bench.read(wavePath);
  bench.commit();
  return { bench, text };
}
