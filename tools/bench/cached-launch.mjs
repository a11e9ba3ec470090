import { createBenchWorkspace, timed } from './bench-workspace.mjs';
import { writeWaveAndPlainProject } from './bench-wave.mjs';
import { inTurn, report } from './report.mjs';

/**
 * What a wave costs once everything of it is in the cache of Nx: `npm run bench:cached -- [rounds]`, 7 where
 * absent. A launch of ten agents against the same task graph of cached `nx:run-commands` tasks, in turn, in one workspace.
 */
const rounds = Number(process.argv[2] ?? 7);
const budget = 1.05;
const bench = createBenchWorkspace();
try {
  writeWaveAndPlainProject(bench, { agents: 10 });
  bench.commit();
  const launch = { wave: 'wave-1:launch', plain: 'plain:launch' };
  for (const task of Object.values(launch)) bench.run(task);
  const once = (name) => ({ wall: timed(() => bench.run(launch[name], { says: '16 out of 16 tasks' })) });
  const { wall } = inTurn(rounds, { ours: () => once('wave'), floor: () => once('plain') });
  report('cached launch of 10 agents (16 tasks), no daemon, against cached commands', [
    { name: 'cached launch of 10 agents', unit: 'ms', budget, ...wall },
  ]);
} finally {
  bench.remove();
}
