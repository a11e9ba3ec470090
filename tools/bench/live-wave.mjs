import { createBenchWorkspace } from './bench-workspace.mjs';
import { wavePath, writeWaveAndPlainProject } from './bench-wave.mjs';
import { costOf, inTurn, report } from './report.mjs';

/**
 * What the runner costs while agents work: `node tools/bench/live-wave.mjs [agents] [rounds]`, 4 (three of them stewards) and 3
 * where absent; 10 is the other wave that there is. A launch with one proof command for each agent that builds, against the same task graph
 * for an executor that does nothing but start the same agent and proof programs. Nothing is reused: every round has a
 * wave file and outputs of its own.
 */
const agents = Number(process.argv[2] ?? 4);
const rounds = Number(process.argv[3] ?? 3);
const budget = 1.5;
const bench = createBenchWorkspace();
try {
  writeWaveAndPlainProject(bench, { agents, proof: true, plain: 'empty' });
  const text = bench.read(wavePath);
  bench.commit();
  let round = 0;
  const taken = inTurn(rounds, {
    ours: () => {
      // Another prompt: no store and no cache has an answer.
      bench.write(wavePath, text.replaceAll('Write it.', `Write it, round ${(round += 1)}.`));
      return costOf(() => bench.run('wave-1:launch', { says: 'outcome: closed' }));
    },
    floor: () => costOf(() => bench.run('plain:launch')),
  });
  const name = `live wave of ${agents} agents`;
  report(`${name}, no daemon, against empty executors that start the same programs`, [
    { name: `${name}, wall`, unit: 'ms', budget, ...taken.wall },
    { name: `${name}, CPU`, unit: 'ms', budget, ...taken.cpu },
  ]);
} finally {
  bench.remove();
}
