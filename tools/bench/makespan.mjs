import { createBenchWorkspace, timed } from './bench-workspace.mjs';
import { report } from './report.mjs';
import { longestChain, writeWaveAndPlainProject } from './bench-wave.mjs';

/**
 * What a wave adds to the time of its agents: `npm run bench:makespan -- [seconds]`. Ten agents that sleep for
 * so long (30 where absent) against the longest chain of them, and against the same task graph of `nx:run-commands` tasks
 * that sleep as long: what Nx itself takes to start.
 */
const seconds = Number(process.argv[2] ?? 30);
const slack = 1.05;
const bench = createBenchWorkspace();
try {
  writeWaveAndPlainProject(bench, { agents: 10, seconds });
  bench.commit();
  const run = (task) => timed(() => bench.run(task, { args: ['--parallel=10'] })) / 1000;
  const plain = run('plain:launch');
  const wave = run('wave-1:launch');
  const path = longestChain * seconds;
  const allowed = path * slack + (plain - path);
  const name = `10 agents that sleep ${seconds} s, ${longestChain} of them one after the other`;
  const rest = (wave - plain) / (2 * longestChain + 1);
  report(`${name}, --parallel=10, against their critical path, 5 % and the start of Nx`, [
    {
      name: 'makespan of 10 sleeping agents',
      ours: wave,
      floor: allowed,
      unit: 's',
      ratio: wave / allowed,
      budget: 1,
    },
    { name: 'beyond plain commands, per task of the longest chain', ours: rest, unit: 's' },
  ]);
} finally {
  bench.remove();
}
