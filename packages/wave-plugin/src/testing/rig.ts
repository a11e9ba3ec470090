import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Closure } from '@nx-wave/schemas';
import { type Failure, type Result } from '@nx-wave/schemas/plain';
import { type ExecutorAdapter } from '../adapters/adapter';
import { type Backend } from '../core/shared-store/backend';
import { presentStages } from '../core/wave-order';
import { isLanded } from '../core/state/ledger';
import { currentOwner } from '../edges/lease/owner';
import { createGitEdge } from '../edges/git/git-edge';
import { createAdapterIo } from '../edges/processes/adapter-io';
import { createSshSignatures } from '../edges/processes/ssh-signatures';
import { createProcessEdge } from '../edges/processes/supervise';
import { toolchains } from '../edges/processes/toolchains';
import { type Edges } from '../engine/session/edges';
import { openRunnerNotes } from '../edges/store/runner-notes';
import { reportOpenWave } from '../engine/wave/report-open-wave';
import { runAgent } from '../engine/agent/run-agent';
import { runGate } from '../engine/stages/run-gate';
import { runLaunch } from '../engine/wave/run-launch';
import { runProve } from '../engine/stages/run-prove';
import { openSession, type Session } from '../engine/session/session';
import { uncaged } from './uncaged';
import { kitText, programPath, programText, waveText, type RigAgent } from './rig-wave';

export interface RigOptions {
  agents: RigAgent[];
  /** Sections of the wave itself, as markdown. */
  header?: string;
  /** Merged into wave.config.json. */
  config?: Record<string, unknown>;
  /** More files of the repository's first commit. */
  files?: Record<string, string>;
  /** Symbolic links of that commit, with their targets. */
  links?: Record<string, string>;
  /** Programs on PATH, by name: bodies of CommonJS modules that find the file of counts in `COUNTS`. */
  programs?: Record<string, string>;
  /** More variables of the environment. */
  env?: Record<string, string>;
  /** A store that other rigs use too. */
  backend?: Backend;
  /** The agent programs that there are; the product's own where absent. */
  adapters?: readonly ExecutorAdapter[];
}

/** How each task of a launch ended, as Nx would show it. */
export type TaskEnd = 'proven' | 'reused' | 'passed' | 'failed' | 'skipped';

export interface RigLaunch {
  tasks: Record<string, TaskEnd>;
  /** Everything that was printed, in order. */
  lines: string[];
  failures: Failure[];
  /** How often each agent's program was started by this launch. */
  ran: Record<string, number>;
  closure: Closure | null;
}

/** A wave in a temporary repository, run by the real engine with real git and real processes. */
export interface WaveRig extends AsyncDisposable {
  /** Holds everything; removed at the end. */
  dir: string;
  /** The user's repository, and the workspace. */
  root: string;
  env: Record<string, string>;
  options: RigOptions;
  /** Of the wave that this handle runs. */
  number: number;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Writes the wave file and the programs anew, uncommitted, after `change` has edited the agents. */
  edit(change: (agents: Record<string, RigAgent>) => void): void;
  /** Changes keys of wave.config.json. */
  configure(config: Record<string, unknown>): void;
  edges(overrides?: Partial<Edges>): Edges & { lines: string[] };
  session(edges?: Edges): Promise<Result<Session, Failure[]>>;
  /** Runs what Nx would run for `launch`, in order. */
  launch(overrides?: Partial<Edges>): Promise<RigLaunch>;
  /** Another wave of the same repository, written and committed. Programs count by the ids of their agents alone. */
  wave(number: number, wave: Pick<RigOptions, 'agents' | 'header'>): WaveRig;
  /** Runs one agent task. */
  agent(id: string, overrides?: Partial<Edges>): Promise<RigLaunch>;
  /** How often the programs have been started since the rig was made. */
  runs(): Record<string, number>;
  /** Everything of the repository that a launch must not change, as one text. */
  fingerprint(): string;
  dispose(): void;
}

/** What Nx, git and the wave system read from the environment and no test wants from outside. */
const foreign = /^(CI$|NX_|WAVE_|GIT_|npm_|XDG_|NODE_OPTIONS$|NODE_V8_COVERAGE$|JEST_)/;
/** Toolchains of whoever runs the tests: the person of a rig has a home of their own. */
const toolVariables = new Set(toolchains.map(({ variable }) => variable));

const waveFile = (number: number) => `docs/plans/waves/wave-${number}.md`;
export const rigWave = waveFile(1);
const stateRoot = '.tmp';

/** Makes a committed repository with one wave, `wave-1`. */
export function createWaveRig(options: RigOptions): WaveRig {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-rig-')));
  const root = join(dir, 'user');
  const home = join(dir, 'home');
  const countFile = join(dir, 'runs.txt');
  const kitFile = join(dir, 'kit.mjs');
  for (const folder of [root, home, join(dir, 'scratch')]) mkdirSync(folder, { recursive: true });
  writeFileSync(countFile, '');
  writeFileSync(kitFile, kitText(countFile));
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.test\n[init]\n\tdefaultBranch = main\n',
  );
  const outer = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !foreign.test(entry[0]) && !toolVariables.has(entry[0]),
  );
  const env: Record<string, string> = {
    ...Object.fromEntries(outer),
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    PATH: [join(dir, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    ...options.env,
  };
  for (const [name, body] of Object.entries(options.programs ?? {})) {
    const text = `#!${process.execPath}\nconst COUNTS = ${JSON.stringify(countFile)};\n${body}`;
    mkdirSync(join(dir, 'bin'), { recursive: true });
    writeFileSync(join(dir, 'bin', name), text, { mode: 0o755 });
  }
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  // A rig has no package whose name a store could be bound to.
  const bound = options.backend === undefined ? {} : { store: { repository: 'rig' } };
  let config: Record<string, unknown> = {
    version: 1,
    ...bound,
    ...uncaged(options.config ?? {}, options.adapters),
  };
  const writeWave = (number: number, agents: readonly RigAgent[], header?: string) => {
    write('wave.config.json', `${JSON.stringify(config, null, 2)}\n`);
    write(waveFile(number), waveText(number, agents, header));
    for (const agent of agents) {
      const program = programPath(agent.id, number);
      if (agent.does === null) rmSync(join(root, program), { force: true });
      else write(program, programText(agent, pathToFileURL(kitFile).href));
    }
  };
  const first = openWave(1, options);
  write('.gitignore', `${stateRoot}/\n`);
  write('src/base.txt', 'the base\n');
  for (const [path, text] of Object.entries(options.files ?? {})) write(path, text);
  for (const [path, target] of Object.entries(options.links ?? {})) symlinkSync(target, join(root, path));
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');

  return first;

  function openWave(
    number: number,
    { agents: given, header }: Pick<RigOptions, 'agents' | 'header'>,
  ): WaveRig {
    const agents = given.map((agent) => ({ ...agent }));
    const writeOwn = () => writeWave(number, agents, header);
    let commands = 0;
    const edges: WaveRig['edges'] = (overrides = {}) =>
      rigEdges(
        dir,
        { ...env, ...overrides.env },
        { runId: `command-${number === 1 ? '' : `${number}-`}${(commands += 1)}`, ...overrides },
      );
    const session: WaveRig['session'] = (with_ = edges()) =>
      openSession(
        {
          workspaceRoot: root,
          wavePath: waveFile(number),
          ...(options.adapters === undefined ? {} : { adapters: options.adapters }),
          ...(options.backend === undefined ? {} : { backend: options.backend }),
        },
        with_,
      );
    writeOwn();
    const rig: WaveRig = {
      dir,
      root,
      env,
      options,
      number,
      git,
      write,
      read,
      edit(change) {
        change(Object.fromEntries(agents.map((agent) => [agent.id, agent])));
        writeOwn();
      },
      configure(more) {
        config = uncaged({ ...config, ...more }, options.adapters);
        writeOwn();
      },
      edges,
      session,
      runs: () => countLines(readFileSync(countFile, 'utf8')),
      wave(other, wave) {
        const opened = openWave(other, wave);
        git('add', '-A');
        git('commit', '-q', '-m', `wave ${other}`);
        return opened;
      },
      launch: (overrides) => launchWave(rig, overrides, null),
      agent: (id, overrides) => launchWave(rig, overrides, id),
      fingerprint: () => fingerprint(root, git),
      dispose: () => rmSync(dir, { recursive: true, force: true }),
      [Symbol.asyncDispose]: async () => rig.dispose(),
    };
    return rig;
  }
}

/** The real edges with a clock that stands still; `print` also collects its lines. */
export function rigEdges(
  dir: string,
  env: Record<string, string>,
  overrides: Partial<Edges> = {},
): Edges & { lines: string[] } {
  const lines: string[] = [];
  return {
    env,
    now: () => new Date('2030-01-02T03:04:05.678Z'),
    clock: {
      now: () => performance.now(),
      sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
    },
    git: createGitEdge({ env, tmpDir: join(dir, 'scratch') }),
    processes: createProcessEdge({ graceMs: 500 }),
    adapterIo: createAdapterIo(env['PATH'] ?? ''),
    signatures: createSshSignatures(env, join(dir, 'scratch')),
    signal: new AbortController().signal,
    scratchRoot: join(dir, 'scratch'),
    machineRoot: join(dir, 'scratch'),
    notes: openRunnerNotes(join(dir, 'written')),
    runOwner: currentOwner(),
    runId: `process-${process.pid}`,
    ...overrides,
    print: (line) => {
      lines.push(line);
      overrides.print?.(line);
    },
    lines,
  };
}

function countLines(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of text.split('\n').filter((one) => one !== '')) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}

/** What a launch needs of a rig: any wave in any repository that can open sessions. */
export type LaunchableWave = Pick<WaveRig, 'number' | 'read' | 'runs' | 'edges' | 'session'>;

/** The task graph of `launch`, one task after the other: what depends on a task that failed is skipped. */
export async function launchWave(
  rig: LaunchableWave,
  overrides: Partial<Edges> | undefined,
  only: string | null,
): Promise<RigLaunch> {
  const before = rig.runs();
  const edges = rig.edges(overrides);
  const result: RigLaunch = { tasks: {}, lines: edges.lines, failures: [], ran: {}, closure: null };
  const { tasks } = result;
  const open = async (task: string): Promise<Session | null> => {
    const opened = await rig.session(edges);
    if (opened.ok) return opened.value;
    tasks[task] = 'failed';
    result.failures.push(...opened.error);
    return null;
  };
  const report = async (session: Session, unitId: string, failures: Failure[]) => {
    result.failures.push(...failures);
    await reportOpenWave(session, failures.length > 0 ? [{ unitId, failures }] : []);
  };
  const first = await open('launch');
  if (first === null) return result;
  const { wave } = first;
  const blocked = (needs: string[]) =>
    needs.some((task) => tasks[task] === 'failed' || tasks[task] === 'skipped');
  let previous: string[] = [];
  // A landed wave is inferred without anything that `launch` depends on.
  for (const stage of isLanded(first.ledger) ? [] : presentStages(wave)) {
    const own = wave.agents.filter((agent) => agent.stage === stage);
    const waiting = only === null ? [...own] : own.filter(({ unitId }) => unitId === only);
    while (waiting.length > 0) {
      const at = waiting.findIndex(
        ({ dependsOn }) => !waiting.some(({ unitId }) => dependsOn.includes(unitId)),
      );
      const [agent] = waiting.splice(Math.max(at, 0), 1);
      if (agent === undefined) break;
      const needs = [...previous, ...agent.dependsOn.map((unitId) => `agent-${unitId.toLowerCase()}`)];
      if (only === null && blocked(needs)) {
        tasks[agent.target] = 'skipped';
        continue;
      }
      const session = await open(agent.target);
      if (session === null) continue;
      const ended = await runAgent(session, agent);
      tasks[agent.target] = ended.state === 'failed' ? 'failed' : ended.reused ? 'reused' : 'proven';
      if (ended.state === 'failed') await report(session, agent.unitId, ended.failures);
    }
    if (only !== null) continue;
    const gate = `gate-${stage}`;
    if (blocked([...previous, ...own.map(({ target }) => target)])) tasks[gate] = 'skipped';
    else {
      const session = await open(gate);
      if (session !== null) {
        const judged = await runGate(session, stage);
        tasks[gate] = judged.ok && judged.value.ok ? 'passed' : 'failed';
        if (tasks[gate] === 'failed') await report(session, gate, judged.ok ? [] : judged.error);
      }
    }
    previous = [gate];
  }
  if (only === null) await close(rig, result, previous, { open, report, blocked });
  const after = rig.runs();
  for (const [id, count] of Object.entries(after)) {
    const more = count - (before[id] ?? 0);
    if (more > 0) result.ran[id] = more;
  }
  result.closure = readClosure(rig);
  return result;
}

async function close(
  rig: LaunchableWave,
  { tasks }: RigLaunch,
  previous: string[],
  {
    open,
    report,
    blocked,
  }: {
    open(task: string): Promise<Session | null>;
    report(session: Session, unitId: string, failures: Failure[]): Promise<void>;
    blocked(needs: string[]): boolean;
  },
): Promise<void> {
  for (const task of previous.length === 0 ? ['launch'] : ['prove', 'launch']) {
    if (blocked(task === 'prove' ? previous : ['prove'])) {
      tasks[task] = 'skipped';
      continue;
    }
    const session = await open(task);
    if (session === null) continue;
    const ended = task === 'prove' ? await runProve(session) : await runLaunch(session);
    const passed = ended.ok && ('ok' in ended.value ? ended.value.ok : ended.value.state === 'closed');
    tasks[task] = passed ? 'passed' : 'failed';
    if (!passed) await report(session, task, ended.ok ? [] : ended.error);
  }
}

function readClosure(rig: LaunchableWave): Closure | null {
  try {
    return JSON.parse(rig.read(`${stateRoot}/main-wave-launcher/closure/wave-${rig.number}.json`)) as Closure;
  } catch {
    return null;
  }
}

function fingerprint(root: string, git: WaveRig['git']): string {
  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (path) => !path.startsWith(join(root, '.git', 'nx-wave')) && !path.startsWith(join(root, stateRoot)),
      )
      .sort();
  // Bytes first: git's own commands may refresh the index.
  const bytes = files(root).map((path) => `${path} ${readFileSync(path).toString('base64')}`);
  return [
    ...bytes,
    git('for-each-ref'),
    git('stash', 'list'),
    git('--no-optional-locks', 'status', '--porcelain=v2'),
  ].join('\n');
}
