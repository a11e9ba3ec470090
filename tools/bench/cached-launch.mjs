import { createBenchWorkspace, median, timed } from './bench-workspace.mjs';
import { writeWaveAndPlainProject } from './bench-wave.mjs';

/**
 * What a wave costs once everything of it is in the cache of Nx: `npm run build && npm run bench:cached -- [rounds]`, 7 where
 * absent. A launch of ten agents against the same task graph of cached `nx:run-commands` tasks, in turn, in one workspace.
 */
const rounds = Number(process.argv[2] ?? 7);
const goal = 1.1;
const bench = createBenchWorkspace();
try {
  writeWaveAndPlainProject(bench, 0);
  bench.commit();
  const launch = { wave: 'wave-1:launch', plain: 'plain:launch' };
  for (const task of Object.values(launch)) bench.run(task);
  const spent = { wave: [], plain: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const name of round % 2 === 0 ? ['wave', 'plain'] : ['plain', 'wave'])
      spent[name].push(timed(() => bench.run(launch[name], { says: '16 out of 16 tasks' })));
  const least = (name) => Math.min(...spent[name]);
  console.log(`cached launch of 10 agents (16 tasks), no daemon, goal ≤ ${goal}`);
  console.table({
    fastest: row(least('wave'), least('plain')),
    median: row(median(spent.wave), median(spent.plain)),
  });
} finally {
  bench.remove();
}

function row(wave, plain) {
  return {
    'wave ms': Math.round(wave),
    'run-commands ms': Math.round(plain),
    ratio: Number((wave / plain).toFixed(3)),
  };
}
