import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createBenchWorkspace, root as repository } from '../bench/bench-workspace.mjs';
import {
  agentRuns,
  changedBytes,
  finalState,
  heldLeases,
  leftFolders,
  storedBytes,
  tornFiles,
} from './checks.mjs';
import { shuffled } from './plan.mjs';
import { endAll, processesOf, until } from './processes.mjs';
import { differences, problem } from './trial.mjs';
import { writeFiles } from './workspace.mjs';

const preload = fileURLToPath(new URL('count-effects.cjs', import.meta.url));
const working = ['agent-a1', 'agent-a2', 'gate-implementation', 'prove'];

/**
 * Trials through real Nx with the packages as they are published: Nx is killed with all its processes before an effect of one of
 * its tasks (of every ten one; of closing and landing each), and what its cache holds is damaged. A trial takes two launches
 * of ten seconds: a run has `limit` kills, chosen by the seed. Answers rows for the table.
 */
export async function nxRows({ random, limit, workers, until: end, report }) {
  const all = Array.from({ length: workers }, () => openNx());
  try {
    // Each has templates of its own; their effects are the same.
    const [planned] = await Promise.all(all.map((nx) => nx.plan()));
    const kills = shuffled(planned.kills, random).slice(0, limit);
    const rows = [
      { title: 'Nx killed with all its tasks', of: planned.kills.length, chosen: kills, done: [] },
      { title: 'the cache of Nx damaged', of: damages.length, chosen: damages, done: [] },
    ];
    // Both rows are begun before one is finished.
    const queue = rows
      .flatMap((row) => row.chosen.map((trial, at) => ({ row, trial, turn: at / row.chosen.length })))
      .sort((a, b) => a.turn - b.turn);
    const work = async (nx) => {
      for (let next = queue.shift(); next !== undefined && Date.now() <= end; next = queue.shift()) {
        const { row, trial } = next;
        const result = row === rows[0] ? await nx.kill(trial) : await nx.damaged(trial);
        row.done.push(result);
        report(row, trial, result);
      }
    };
    await Promise.all(all.map(work));
    return rows;
  } finally {
    for (const nx of all) nx.remove();
  }
}

/** What is done to the folders of Nx, by its name. `entries`: folders of cached outputs. */
const damages = [
  { label: 'no cached outputs', harm: ({ cache }) => rmSync(cache, { recursive: true }) },
  { label: 'no data of Nx', harm: ({ data }) => rmSync(data, { recursive: true }) },
  {
    label: 'every cached file cut in half',
    harm: ({ cache }) => filesOf(cache).forEach((path) => truncateSync(path, statSync(path).size >> 1)),
  },
  {
    label: 'a byte of every cached file changed',
    harm: ({ cache }) => filesOf(cache).forEach(changeByte),
  },
  {
    label: 'every second cached file gone',
    harm: ({ cache }) => filesOf(cache).forEach((path, at) => at % 2 === 0 && rmSync(path)),
  },
  {
    label: 'a file where the cache was',
    harm: ({ cache }) => {
      rmSync(cache, { recursive: true });
      writeFileSync(cache, 'no folder');
    },
  },
  {
    label: 'the database of Nx is no database',
    harm: ({ data }) => filesOf(data, /\.db/).forEach((path) => writeFileSync(path, 'no database')),
  },
];

/** Files below a folder whose names are such ones; those of Nx's database are no cached outputs. */
function filesOf(folder, wanted = /^(?!.*\.db)/) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function changeByte(path) {
  const bytes = readFileSync(path);
  if (bytes.length === 0) return;
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

function openNx() {
  const bench = createBenchWorkspace();
  const dir = bench.env.HOME;
  const places = {
    dir,
    root: bench.folder,
    temp: join(dir, 'temp'),
    store: join(bench.folder, '.git', 'nx-wave'),
    stateRoot: join(bench.folder, '.tmp'),
    agentLog: join(dir, 'agents.log'),
    cache: bench.env.NX_CACHE_DIRECTORY,
    data: bench.env.NX_WORKSPACE_DATA_DIRECTORY,
    home: dir,
  };
  const environment = { ...bench.env, TMPDIR: places.temp, NX_WAVE_RUN: 'auto', NX_VERBOSE_LOGGING: 'false' };
  mkdirSync(places.temp, { mode: 0o700 });
  writeFileSync(places.agentLog, '');
  // Both agents are right at once: refusals are tried without Nx.
  writeFileSync(join(dir, 'A2.once'), '');
  writeFiles(bench.write);
  bench.commit();
  execFileSync('git', ['config', 'user.name', 'Ada'], { cwd: bench.folder, env: environment });
  execFileSync('git', ['config', 'user.email', 'ada@example.test'], { cwd: bench.folder, env: environment });
  const templates = `${dir}-templates`;
  mkdirSync(templates);
  const keep = (name) => execFileSync('cp', ['-a', dir, join(templates, name)]);
  const fill = (name) => {
    rmSync(dir, { recursive: true, force: true });
    execFileSync('cp', ['-a', join(templates, name), dir]);
  };
  const references = {};

  const run = (args, fault = null) => runNx(['run', ...args, '--outputStyle=static'], fault);

  /** Nx in a group of processes of its own, which a kill ends as a whole. */
  function runNx(args, fault = null) {
    const bin = join(repository, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: bench.folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...environment,
        ...(fault === null
          ? {}
          : { FAULT: JSON.stringify({ ...fault, dir }), NODE_OPTIONS: `--require=${preload}` }),
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    return new Promise((resolve) => {
      child.once('exit', (code) => setTimeout(() => resolve({ code, output }), 5));
    });
  }

  const commands = { launch: ['wave-1:launch'], prove: ['wave-1:prove'], land: ['wave-1:land', '--by=Ada'] };
  const commandOf = (task) => (task === 'land' ? 'land' : 'launch');
  // What closes and what lands begins where all before it is done: only its own effects are met then.
  const templateOf = (task) => ({ launch: 'proved', land: 'closed' })[task] ?? 'fresh';

  /** Undisturbed runs: effects of each task, what they lead to. */
  async function plan() {
    keep('fresh');
    const effects = await effectsOf('launch', working);
    keep('closed');
    Object.assign(effects, await effectsOf('land', ['land']));
    fill('fresh');
    await undisturbed('prove');
    keep('proved');
    const { final, runs } = references.launch;
    Object.assign(effects, await effectsOf('launch', ['launch']));
    if (
      differences(final, references.launch.final).length > 0 ||
      !isDeepStrictEqual(runs, references.launch.runs)
    )
      throw new Error('a launch after prove ends otherwise than one without');
    const kills = [...working, 'launch', 'land'].flatMap((task) =>
      effects[task].flatMap((label, index) =>
        /^(launch|land)$/.test(task) || (index + 1) % 10 === 0 ? [{ task, at: index + 1, label }] : [],
      ),
    );
    return { kills };
  }

  /** Labels of the effects of each task in a command that goes on from here, whose end is kept for comparison. */
  async function effectsOf(name, tasks) {
    const labels = join(places.temp, 'effects');
    await undisturbed(name, { kind: 'none', labels, tasks });
    references[name] = { final: finalState(places, { exact: true }), runs: agentRuns(places) };
    return Object.fromEntries(
      tasks.map((task) => {
        const file = `${labels}-${task}.json`;
        const found = JSON.parse(readFileSync(file, 'utf8'));
        rmSync(file);
        return [task, found];
      }),
    );
  }

  async function undisturbed(name, fault = null) {
    const { code, output } = await run(commands[name], fault);
    if (code !== 0) throw new Error(`${name} does not end well without a fault: ${output}`);
  }

  async function kill({ task, at, label }) {
    fill(templateOf(task));
    const first = await run(commands[commandOf(task)], { kind: 'kill-before', at, tasks: [task] });
    if (!existsSync(join(dir, 'fired.json'))) return { reached: false, outputs: [first.output] };
    rmSync(join(dir, 'fired.json'));
    endAll(processesOf(dir));
    await until(() => processesOf(dir).length === 0);
    return { ...(await judge(commandOf(task), [first.output])), scenario: task, label };
  }

  /**
   * The outputs of the wave are gone, and those that Nx would give back are damaged: nobody may be started for that. A person
   * does what the command says next.
   */
  async function damaged({ label, harm }) {
    fill('closed');
    rmSync(places.stateRoot, { recursive: true });
    harm(places);
    return { ...(await judge('launch', [])), scenario: 'cache', label };
  }

  async function judge(name, outputs) {
    const problems = [];
    const before = storedBytes(places);
    const then = agentRuns(places);
    let good = false;
    for (let time = 0; time < 4 && !good; time += 1) {
      const { code, output } = await run(commands[name]);
      outputs.push(output);
      good = code === 0 || (name === 'land' && /has landed already/.test(output));
      if (/internal-error/.test(output)) problems.push(problem('defect', 'a command ended by a defect'));
      if (time === 0) problems.push(...(await leftBehind()));
      if (!good) await follow(output, time);
    }
    if (!good) problems.push(problem('lost', 'the command does not end well again'));
    const runs = agentRuns(places);
    for (const [id, { start }] of Object.entries(runs)) {
      // Cut off is a run that never said that it is done.
      const allowed =
        Math.max(references[name].runs[id].start, then[id].start) + then[id].start - then[id].done;
      if (start > allowed) problems.push(problem('paid twice', `${id} was started ${start} times`));
    }
    problems.push(
      ...changedBytes(before, false).map((text) => problem('lost', text)),
      ...tornFiles(places).map((text) => problem('torn', text)),
      ...differences(references[name].final, finalState(places, { exact: true })),
    );
    return { reached: true, how: 'disturbed', problems, outputs };
  }

  async function leftBehind() {
    await until(() => processesOf(dir).length === 0, 60_000);
    return [
      ...processesOf(dir).map(({ command }) => problem('left', `a process is left: ${command}`)),
      ...[...heldLeases(places), ...leftFolders(places)].map((path) => problem('left', `${path} is left`)),
    ];
  }

  /** What the output says is next; where that did not help, or Nx itself has failed, its cache is cleared. */
  async function follow(output, time) {
    const next = [...output.matchAll(/^ *Next: nx (run \S+ --skip-nx-cache)/gm)].map(([, words]) => words);
    // Nx cannot even begin: its own advice is to reset it.
    if (/NotADatabase/.test(output)) await runNx(['reset']);
    else if (/nx reset --only-cache|\(os error/.test(output) && (time > 0 || next.length === 0))
      await runNx(['reset', '--only-cache']);
    else for (const words of new Set(next)) await runNx(words.split(' '));
  }

  const remove = () => {
    bench.remove();
    rmSync(templates, { recursive: true, force: true });
  };
  return { plan, kill, damaged, remove };
}
