import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBenchWorkspace, root } from './bench-workspace.mjs';
import { exitConfig, wavePath, writeWaveAndPlainProject } from './bench-wave.mjs';
import { allInTurn, costOf, report } from './report.mjs';

/**
 * A live wave of one agent and three stewards against the starter wave of the earlier system, which has as many, run by its own
 * local executor: `node tools/bench/earlier.mjs [rounds]`, 3 where absent. A third row is what Nx alone takes of it: the same
 * tasks by executors that only start the same programs. The earlier system is installed from the registry
 * below `.tmp/`; its telemetry is off by its own settings, and a connection to any other host fails the benchmark.
 */
const rounds = Number(process.argv[2] ?? 3);
const budget = 0.5;
const earlier = '@chllming/wave-orchestration@0.9.15';
const here = dirname(fileURLToPath(import.meta.url));
const bench = createBenchWorkspace();
try {
  bench.json('wave.config.json', exitConfig);
  writeWaveAndPlainProject(bench, { agents: 4, proof: true, plain: 'empty' });
  const text = bench.read(wavePath);
  bench.commit();
  const former = layOutEarlier();
  let round = 0;
  const { ours, nothing } = allInTurn(rounds, {
    ours: () => {
      bench.write(wavePath, text.replaceAll('Write it.', `Write it, round ${(round += 1)}.`));
      return costOf(() => bench.run('wave-1:launch', { says: 'outcome: closed' }));
    },
    nothing: () => costOf(() => bench.run('plain:launch')),
    floor: () => former.launch(),
  });
  const name = 'live wave of 4 agents against the earlier system';
  report(name, [
    { name: `${name}, wall`, unit: 'ms', budget, ...ours.wall },
    { name: `${name}, CPU`, unit: 'ms', ...ours.cpu },
    { name: 'empty executors of 4 agents against the earlier system, wall', unit: 'ms', ...nothing.wall },
  ]);
} finally {
  bench.remove();
}

/** Its own starter workspace with its own starter wave, every agent on its local executor. */
function layOutEarlier() {
  const installed = join(root, '.tmp', 'earlier-system');
  const script = join(installed, 'node_modules', '@chllming', 'wave-orchestration', 'scripts', 'wave.mjs');
  if (!existsSync(script)) {
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), '{ "private": true }\n');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    execFileSync('npm', ['install', ...flags, earlier], { cwd: installed, stdio: 'ignore' });
  }
  const folder = join(dirname(bench.folder), 'earlier');
  const calls = join(dirname(bench.folder), 'network.txt');
  mkdirSync(folder);
  const env = {
    ...bench.env,
    NODE_OPTIONS: `--require ${join(here, 'no-network.cjs')}`,
    NO_NETWORK: calls,
    WAVE_SKIP_UPDATE_CHECK: '1',
  };
  const run = (program, args, says) => {
    const input = '\n'.repeat(20);
    const output = execFileSync(program, args, {
      stdio: 'pipe',
      cwd: folder,
      env,
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (!output.includes(says)) throw new Error(output);
  };
  run('git', ['init', '-q'], '');
  run(process.execPath, [script, 'init'], 'install state');
  const starter = join(folder, 'docs/plans/waves/wave-0.md');
  const wave = readFileSync(starter, 'utf8');
  writeFileSync(starter, wave.replace(/### Executor\n\n(?:- .*\n)+/g, '### Executor\n\n- id: local\n'));
  const config = JSON.parse(readFileSync(join(folder, 'wave.config.json'), 'utf8'));
  config.waveControl = { enabled: false, reportMode: 'disabled' };
  writeFileSync(join(folder, 'wave.config.json'), JSON.stringify(config, null, 2));
  const pristine = join(dirname(bench.folder), 'pristine');
  const options = ['--start-wave', '0', '--end-wave', '0', '--executor', 'local', '--no-dashboard'];
  const launch = () =>
    run(
      process.execPath,
      [script, 'launch', ...options, '--no-telemetry', '--no-context7'],
      'completed waves',
    );
  // The first launch asks for a project profile, which later ones find.
  launch();
  rmSync(join(folder, '.tmp'), { recursive: true });
  cpSync(folder, pristine, { recursive: true });
  return {
    launch: () => {
      rmSync(folder, { recursive: true });
      cpSync(pristine, folder, { recursive: true });
      const cost = costOf(launch);
      if (existsSync(calls)) throw new Error(`the earlier system called ${readFileSync(calls, 'utf8')}`);
      return cost;
    },
  };
}
