import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBenchWorkspace } from './bench-workspace.mjs';
import { writeWaveAndPlainProject } from './bench-wave.mjs';
import { report } from './report.mjs';

/**
 * What each task of a live wave asks of the system, counted and not timed, so that it is the same on a busy machine:
 * `node tools/bench/counts.mjs`. One agent with a proof command and three stewards.
 */
const here = dirname(fileURLToPath(import.meta.url));
const budgets = { agent: 10, gate: 5 };
const bench = createBenchWorkspace();
try {
  writeWaveAndPlainProject(bench, { agents: 4, proof: true });
  bench.commit();
  const env = { NODE_OPTIONS: `--require ${join(here, 'count-work.cjs')}`, COUNT_WORK: bench.folder };
  bench.run('wave-1:launch', { env, says: 'outcome: closed' });
  const counts = bench.readLines('counts.jsonl').map((line) => JSON.parse(line));
  if (process.env.NX_WAVE_BENCH_CALLS === '1')
    for (const { task, git } of counts) console.log([task, ...git].join('\n    '));
  report(
    'git processes of each task of a live wave of 4 agents',
    counts.map(({ task, git }) => {
      const target = task.split(':')[1];
      const budget = budgets[target.split('-')[0]];
      return {
        name: `git processes, ${target}`,
        ours: git.length,
        unit: 'processes',
        ...(budget ? { budget } : {}),
      };
    }),
  );
  report(
    'flushes to the device, modules and CPU of each task of the same wave, without its programs',
    counts.flatMap(({ task, fsyncs, modules, cpuMs }) => [
      { name: `fsyncs, ${task.split(':')[1]}`, ours: fsyncs, unit: 'fsyncs' },
      { name: `modules, ${task.split(':')[1]}`, ours: modules, unit: 'modules' },
      { name: `CPU, ${task.split(':')[1]}`, ours: cpuMs, unit: 'ms' },
    ]),
  );
} finally {
  bench.remove();
}
