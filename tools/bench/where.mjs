import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBenchWorkspace, median } from './bench-workspace.mjs';
import { exitConfig, wavePath, writeWaveAndPlainProject } from './bench-wave.mjs';
import { report } from './report.mjs';

/**
 * Where the time of a live wave goes: `node tools/bench/where.mjs [rounds]`, 3 where absent. The wall time of each task of the wave of
 * `live-wave.mjs` (four agents, level `exit`, no cage) in its parts, beside those of the same task of an executor that starts the same
 * programs: median of the rounds, then all tasks of a kind together.
 */
const rounds = Number(process.argv[2] ?? 3);
const here = dirname(fileURLToPath(import.meta.url));
const parts = {
  nx: 'Node, and Nx where it is, until our code is loaded',
  loading: 'loading our code',
  git: 'processes of git',
  programs: 'agents and proof commands',
  flushes: 'flushes to the device',
  rest: 'everything else',
};
const kinds = ['agent', 'gate', 'prove', 'launch'];
const bench = createBenchWorkspace();
try {
  bench.json('wave.config.json', exitConfig);
  writeWaveAndPlainProject(bench, { agents: 4, proof: true, plain: 'empty' });
  const text = bench.read(wavePath);
  bench.commit();
  const env = { NODE_OPTIONS: `--require ${join(here, 'time-work.cjs')}`, TIME_WORK: bench.folder };
  bench.run('wave-1:launch', { says: 'outcome: closed' });
  for (let round = 1; round <= rounds; round += 1) {
    bench.write(wavePath, text.replaceAll('Write it.', `Write it, round ${round}.`));
    bench.run('wave-1:launch', { env, says: 'outcome: closed' });
    bench.run('plain:launch', { env });
  }
  const times = bench.readLines('times.jsonl').map((line) => JSON.parse(line));
  const tasks = [...new Set(times.map(({ task }) => task))];
  const timeOf = (task, part) => median(times.filter((one) => one.task === task).map((one) => one[part]));
  const sumOf = (project, kind, part) =>
    tasks
      .filter((task) => task.startsWith(`${project}:${kind}`))
      .reduce((sum, task) => sum + timeOf(task, part), 0);
  const whole = (project, wanted) =>
    kinds.reduce((all, kind) => wanted.reduce((sum, part) => sum + sumOf(project, kind, part), all), 0);
  const bound = (name, wanted) => {
    const [ours, floor] = [whole('wave-1', wanted), whole('plain', Object.keys(parts))];
    return { name, unit: 'ms', ours, floor, ratio: ours / floor };
  };
  report('the tasks of a live wave of 4 agents, all of them together', [
    bound('all tasks', Object.keys(parts)),
    bound('all tasks, had our own code taken no time', ['nx', 'git', 'programs', 'flushes']),
  ]);
  report(
    'where the time of a live wave of 4 agents goes, all tasks of a kind together',
    kinds.flatMap((kind) =>
      Object.entries(parts).map(([part, name]) => {
        const [ours, floor] = ['wave-1', 'plain'].map((project) => sumOf(project, kind, part));
        return { name: `${kind} tasks: ${name}`, unit: 'ms', ours, floor };
      }),
    ),
  );
} finally {
  bench.remove();
}
