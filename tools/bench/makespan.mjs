import { createBenchWorkspace, timed } from './bench-workspace.mjs';
import { longestChain, writeWaveAndPlainProject } from './bench-wave.mjs';

/**
 * What a wave adds to the time of its agents: `npm run build && npm run bench:makespan -- [seconds]`. Ten agents that sleep for
 * so long (30 where absent) against the longest chain of them, and against the same task graph of `nx:run-commands` tasks
 * that sleep as long: what Nx itself takes to start.
 */
const seconds = Number(process.argv[2] ?? 30);
const goal = 1.05;
const bench = createBenchWorkspace();
try {
  writeWaveAndPlainProject(bench, seconds);
  bench.commit();
  const run = (task) => timed(() => bench.run(task, { args: ['--parallel=10'] })) / 1000;
  const plain = run('plain:launch');
  const wave = run('wave-1:launch');
  const path = longestChain * seconds;
  const allowed = path * goal + (plain - path);
  console.log(
    `10 agents that sleep ${seconds} s, ${longestChain} of them one after the other, --parallel=10`,
  );
  console.table({
    'critical path': { seconds: path },
    'the same graph of run-commands': { seconds: rounded(plain) },
    'goal: critical path + 5 % + start of Nx': { seconds: rounded(allowed) },
    wave: { seconds: rounded(wave) },
    'wave beyond the goal': { seconds: rounded(wave - allowed) },
    'per task of the longest chain': { seconds: rounded((wave - plain) / (2 * longestChain + 1)) },
  });
  console.log(`ratio to what is allowed: ${(wave / allowed).toFixed(3)} (goal ≤ 1)`);
} finally {
  bench.remove();
}

function rounded(value) {
  return Number(value.toFixed(1));
}
