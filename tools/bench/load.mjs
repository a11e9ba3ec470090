import { execFileSync } from 'node:child_process';
import { createBenchWorkspace, median } from './bench-workspace.mjs';
import { report } from './report.mjs';

/**
 * What loading our code adds to a process that has loaded `@nx/devkit`, as every process of Nx that meets us has:
 * `npm run bench:load -- [rounds]`, 15 where absent. Each sample is a process of its own, entries in turn.
 */
const rounds = Number(process.argv[2] ?? 15);
const budget = 0.2;
const entries = {
  'graph entry': '@nx-wave/plugin',
  'executor agent': './node_modules/@nx-wave/plugin/dist/executors/agent/agent',
  'executor gate': './node_modules/@nx-wave/plugin/dist/executors/gate/gate',
  'executor launch': './node_modules/@nx-wave/plugin/dist/executors/launch/launch',
};
const script = `
  const now = () => {
    const { user, system } = process.cpuUsage();
    return { wall: performance.now(), cpu: (user + system) / 1000 };
  };
  const from = now();
  require('@nx/devkit');
  const between = now();
  require(process.argv[1]);
  console.log(JSON.stringify([from, between, now()]));`;

const bench = createBenchWorkspace();
try {
  const samples = Object.fromEntries(Object.keys(entries).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, entry] of Object.entries(entries)) {
      const args = ['-e', script, entry];
      const printed = execFileSync(process.execPath, args, { cwd: bench.folder, encoding: 'utf8' });
      // The first of each warms the files of the machine.
      if (round > 0) samples[name].push(JSON.parse(printed));
    }
  report(
    'loading our code against loading @nx/devkit, median of processes',
    Object.entries(samples).flatMap(([name, taken]) => [
      row(name, taken, 'wall'),
      row(`${name}, CPU`, taken, 'cpu'),
    ]),
  );
} finally {
  bench.remove();
}

function row(name, taken, kind) {
  const spent = taken.map((times) => times.map((one) => one[kind]));
  const floor = spent.map(([from, between]) => between - from);
  const ours = spent.map(([, between, until]) => until - between);
  return {
    name: `loading, ${name}`,
    ours: median(ours),
    floor: median(floor),
    unit: 'ms',
    ratio: median(ours.map((value, at) => value / floor[at])),
    budget,
  };
}
