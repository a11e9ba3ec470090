import { createBenchWorkspace } from './bench-workspace.mjs';
import { exitConfig, wavePath, writeWaveAndPlainProject } from './bench-wave.mjs';
import { growthRow } from './exponent.mjs';
import { costOf, inTurn, report } from './report.mjs';

/**
 * How the runner's own part of a live wave grows: `node tools/bench/many-agents.mjs [rounds] [agents...]`, 1 round of 10, 20 and 40 agents
 * where absent. The part is what a launch takes more than the same task graph of empty executors, of CPU; one task runs at a time,
 * because two that share a core are counted longer. Three of the agents are stewards, the others build.
 */
const [rounds = 1, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [10, 20, 40];
const args = ['--parallel=1'];
const rows = [];
const points = [];
for (const agents of sizes) {
  const bench = createBenchWorkspace();
  try {
    bench.json('wave.config.json', exitConfig);
    writeWaveAndPlainProject(bench, { agents, proof: true, plain: 'empty' });
    const text = bench.read(wavePath);
    bench.commit();
    let round = 0;
    const { cpu } = inTurn(rounds, {
      ours: () => {
        bench.write(wavePath, text.replaceAll('Write it.', `Write it, round ${(round += 1)}.`));
        return costOf(() => bench.run('wave-1:launch', { args, says: 'outcome: closed' }));
      },
      floor: () => costOf(() => bench.run('plain:launch', { args })),
    });
    const part = cpu.ours - cpu.floor;
    points.push([agents, part]);
    rows.push({ name: `live wave of ${agents} agents, the runner's part, CPU`, ours: part, unit: 'ms' });
    rows.push({ name: `live wave of ${agents} agents, CPU for each agent`, ours: part / agents, unit: 'ms' });
  } finally {
    bench.remove();
  }
}
rows.push(growthRow("the runner's part of a live wave", 'agents', points, { budget: 1.1 }));
report('what a live wave takes more than empty executors that start the same programs, by its agents', rows);
