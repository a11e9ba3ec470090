import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Closure, GateReason } from '@nx-wave/schemas';
import { failure, sha256, type Failure, type Result } from '@nx-wave/schemas/plain';
import { presentStages } from '../../packages/wave-plugin/src/core/wave-order';
import type { Edges } from '../../packages/wave-plugin/src/engine/session/edges';
import { openSession, type Session } from '../../packages/wave-plugin/src/engine/session/session';
import { runGate } from '../../packages/wave-plugin/src/engine/stages/run-gate';
import { runProve } from '../../packages/wave-plugin/src/engine/stages/run-prove';
import { runDecide } from '../../packages/wave-plugin/src/engine/wave/run-decide';
import { runLand } from '../../packages/wave-plugin/src/engine/wave/run-land';
import { runLaunch } from '../../packages/wave-plugin/src/engine/wave/run-launch';
import { launchWave, rigEdges, type RigLaunch } from '../../packages/wave-plugin/src/testing/rig';
import { openEngineWorld } from '../histories/engine-world';
import { scriptedProcesses } from '../histories/scripted-processes';
import {
  agentOf,
  planFile,
  programFile,
  programOf,
  renderWave,
  waveFile,
  type Program,
  type WaveSpec,
} from '../histories/spec';
import type { Start, Tree } from '../histories/world';

/** What a command, or the tasks of a launch, came to. */
export interface Outcome {
  /** Agents whose programs were started. */
  starts: string[];
  /** How each task ended; of tasks that Nx has restored nothing is here. */
  tasks: RigLaunch['tasks'];
  lines: string[];
  failures: Failure[];
  /** What stands there afterwards. */
  closure: Closure | null;
}

/** What of a launch is run. Everything before the first task is there already, as Nx restores it from a cache. */
export type Door = 'launch' | 'gates' | 'later gates' | 'prove' | 'close' | 'land';

/** A wave with a past, closed, whose stores somebody may tamper with. */
export interface ForgedWorld extends AsyncDisposable {
  tree: Tree;
  root: string;
  /** Beside the repository: the store that clones share. */
  shared: string;
  /** What the launch before the last one had left below the launcher's folder. */
  past: string;
  /** Enters by a door. Throws where the product has a defect. */
  enter(door: Door): Promise<Outcome>;
  /** Everything is as the honest launches have left it. */
  restore(): void;
  /** Signs with a key that the commit names, in place of what stands there. */
  sign(path: string, holder: 'ada' | 'mallory'): void;
}

/** `trust` of the configuration. */
export type Trust = 'reprove' | 'digest' | 'signed';

export const launcherDir = '.tmp/main-wave-launcher';
const signersFile = 'wave.allowed_signers';
/** Waiting for a store that answers wrongly takes a fiftieth of its time. */
const haste = 50;

/** The wave: two agents side by side, one of which may write a path that a person has granted, and two stewards, one waived. */
const firstSpec: WaveSpec = {
  title: 'A wave that is tampered with',
  prose: '',
  budgetMinutes: 30,
  others: false,
  agents: [
    agentOf('A1', { reads: [planFile] }),
    agentOf('A2'),
    agentOf('A8'),
    agentOf('A0', { owns: ['docs/reviews/wave-1-cont-qa.md'] }),
  ],
};
/** Granted to A2 by the ledger alone. */
const grantedFile = 'src/granted.txt';
const waived = 'integration-needs-more-work';

/** Opens it, grown: another prompt and another program once, decisions that the closing needs, everything stored everywhere. */
export async function openForgedWorld(trust: Trust): Promise<ForgedWorld> {
  const world = await openEngineWorld({
    files: {
      '.gitignore': '.tmp/\nnode_modules/\n.nx/\n',
      [waveFile]: renderWave(firstSpec),
      [planFile]: 'The plan.\n',
      ...Object.fromEntries(
        firstSpec.agents.map((one) => [programFile(one.id), textOf(programIn(one.id, 'one'))]),
      ),
    },
    config: (shared) => ({
      limits: { attempts: 2 },
      trust,
      // Nobody waits long for a claim that says that somebody is at work.
      store: { path: shared, repository: 'forged', waitMinutes: 5 },
    }),
    agentFile: join(__dirname, '../histories/agent.cjs'),
  });
  const { first: tree, sharedStore: shared } = world;
  const { root } = tree;
  const dir = dirname(root);
  const keys = join(dir, 'keys');
  if (trust === 'signed') makeSigners(tree, keys);
  const env = environment(dir, trust === 'signed' ? join(keys, 'ada') : null);
  let commands = 0;
  const edgesOf = (starts: Start[]): Edges & { lines: string[] } =>
    rigEdges(dir, env, {
      now: () => new Date(Date.UTC(2031, 0, 2) + 1000 * commands),
      runId: `forged-${(commands += 1)}`,
      clock: {
        now: () => performance.now() * haste,
        sleep: (ms, signal) => delay(ms / haste, undefined, { signal }).catch(() => undefined),
      },
      processes: scriptedProcesses(starts, () => Promise.resolve()),
    });
  const kept = [join(dir, 'kept'), join(dir, 'kept-shared')] as const;
  const self: ForgedWorld = {
    tree,
    root,
    shared,
    past: join(dir, 'past'),
    enter: (door) => enter({ root, edges: edgesOf([]), edgesOf, tree }, door),
    restore() {
      copyTree(kept[0], root);
      copyTree(kept[1], shared);
    },
    sign(path, holder) {
      rmSync(`${path}.sig`, { force: true });
      const named = ['-n', 'nx-wave', '-f', join(keys, holder)];
      execFileSync('ssh-keygen', ['-q', '-Y', 'sign', ...named, path], { stdio: 'ignore' });
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
  await grow(self, edgesOf);
  copyTree(root, kept[0]);
  copyTree(shared, kept[1]);
  return self;
}

const textOf = (program: Program) => `${JSON.stringify(program, null, 2)}\n`;

/** What the agents do. The integration steward holds the wave up, which a person has waived. */
function programIn(id: string, content: string): Program {
  const agent = firstSpec.agents.find((one) => one.id === id) ?? agentOf(id);
  const plain = { ...programOf(agent, 'starts.jsonl'), content };
  if (id === 'A2' && content === 'two') plain.writes = [...plain.writes, grantedFile];
  return id === 'A8' ? { ...plain, holds: true } : plain;
}

/** The first launch is of another prompt and another program; what it left must never be taken for the work of the second. */
async function grow(world: ForgedWorld, edgesOf: (starts: Start[]) => Edges): Promise<void> {
  const { tree } = world;
  const commit = (message: string) => {
    tree.git('add', '-A');
    tree.git('commit', '-q', '-m', message);
  };
  const decide = async (options: Parameters<typeof runDecide>[1]) => {
    const session = await sessionOf(world.root, edgesOf([]));
    const decided = await runDecide(session, { by: 'Ada', reason: 'because', ...options });
    if (!decided.ok) throw new Error(JSON.stringify(decided.error));
  };
  await decide({ waive: waived });
  await closed(world, 'the first launch');
  copyTree(join(world.root, launcherDir), world.past);
  for (const { id } of firstSpec.agents) tree.write(programFile(id), textOf(programIn(id, 'two')));
  const agents = firstSpec.agents.map((one) => ({
    ...one,
    prompt: `Do the work of ${one.id}, in words two.`,
  }));
  tree.write(waveFile, renderWave({ ...firstSpec, agents }));
  await decide({ amend: 'A2', paths: grantedFile });
  commit('other prompts');
  await closed(world, 'the second launch');
}

async function closed(world: ForgedWorld, what: string): Promise<void> {
  const { tasks, lines, failures } = await world.enter('launch');
  if (tasks['launch'] !== 'passed')
    throw new Error(`${what} does not close: ${JSON.stringify({ tasks, failures })}\n${lines.join('\n')}`);
}

/** What the programs of this world see of ours: nothing that would differ from machine to machine. */
function environment(dir: string, keyFile: string | null): Record<string, string> {
  return {
    HOME: join(dir, 'home'),
    PATH: process.env['PATH'] ?? '',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    ...(keyFile === null ? {} : { NX_WAVE_SIGNING_KEY: keyFile }),
  };
}

/** Ada may sign, by the commit; Mallory has a key that nobody knows. */
function makeSigners(tree: Tree, keys: string): void {
  mkdirSync(keys);
  for (const holder of ['ada', 'mallory'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', holder, '-f', join(keys, holder)]);
  const key = readFileSync(join(keys, 'ada.pub'), 'utf8');
  tree.write(signersFile, `ada@example.test namespaces="nx-wave" ${key}`);
  tree.git('add', '-A');
  tree.git('commit', '-q', '-m', 'signers');
}

async function sessionOf(root: string, edges: Edges): Promise<Session> {
  const opened = await openSession({ workspaceRoot: root, wavePath: waveFile }, edges);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
}

interface Entrance {
  root: string;
  tree: Tree;
  edgesOf(starts: Start[]): Edges & { lines: string[] };
}

async function enter(given: Entrance & { edges: Edges }, door: Door): Promise<Outcome> {
  const starts: Start[] = [];
  const edges = given.edgesOf(starts);
  await printWarnings(given, edges);
  const ended = door === 'launch' ? await wholeLaunch(given, edges) : await tasksFrom(given, edges, door);
  return {
    ...ended,
    starts: starts.map(({ id }) => id),
    lines: edges.lines,
    closure: closureOf(given.tree),
  };
}

/** Each command says first what it does not count. */
async function printWarnings({ root }: Entrance, edges: Edges): Promise<void> {
  const opened = await openSession({ workspaceRoot: root, wavePath: waveFile }, edges);
  if (opened.ok) for (const { message } of opened.value.warnings) edges.print(`warning: ${message}`);
}

type Ended = Pick<Outcome, 'tasks' | 'failures'>;

async function wholeLaunch({ root, tree }: Entrance, edges: Edges & { lines: string[] }): Promise<Ended> {
  const wave = {
    number: 1,
    runs: () => ({}),
    read: (path: string) => tree.read(path) ?? '',
    edges: () => edges,
    session: () => openSession({ workspaceRoot: root, wavePath: waveFile }, edges),
  };
  return launchWave(wave, undefined, null);
}

/** Tasks one after the other, each in a session of its own, until one fails. */
async function tasksFrom({ root }: Entrance, edges: Edges, door: Exclude<Door, 'launch'>): Promise<Ended> {
  const first = await sessionOf(root, edges);
  const stages = presentStages(first.wave);
  const gates = door === 'gates' ? stages : door === 'later gates' ? stages.slice(1) : [];
  type Task = readonly [string, (session: Session) => Promise<{ ok: boolean; error?: Failure[] }>];
  const all: Task[] = [
    ...gates.map((stage): Task => [
      `gate-${stage}`,
      async (session) => judged(await runGate(session, stage), ({ ok }) => ok),
    ]),
    ['prove', async (session) => judged(await runProve(session), ({ ok }) => ok)],
    ['launch', async (session) => judged(await runLaunch(session), ({ state }) => state === 'closed')],
    ['land', async (session) => runLand(session, { mode: 'tree', by: 'Ada' })],
  ];
  const from = {
    gates: 0,
    'later gates': 0,
    prove: gates.length,
    close: gates.length + 1,
    land: gates.length + 2,
  };
  const result: Ended = { tasks: {}, failures: [] };
  for (const [name, run] of all.slice(from[door])) {
    const ended = await run(await sessionOf(root, edges));
    result.tasks[name] = ended.ok ? 'passed' : 'failed';
    result.failures.push(...(ended.ok ? [] : (ended.error ?? [])));
    if (!ended.ok) break;
  }
  return result;
}

/** How a task has ended that writes a document; what stands in it against going on counts as a failure. */
function judged<T extends { reasons: readonly Pick<GateReason, 'code' | 'detail'>[] }>(
  ended: Result<T, Failure[]>,
  isContent: (value: T) => boolean,
): { ok: boolean; error: Failure[] } {
  if (!ended.ok) return ended;
  if (isContent(ended.value)) return { ok: true, error: [] };
  const { reasons } = ended.value;
  return {
    ok: false,
    error: reasons.map(({ code, detail }) => failure('gate-failed', `${code}: ${detail}`)),
  };
}

function closureOf(tree: Tree): Closure | null {
  const text = tree.read(`${launcherDir}/closure/wave-1.json`);
  try {
    return text === null ? null : (JSON.parse(text) as Closure);
  } catch {
    return null;
  }
}

/** What the wave closes on, as far as it must not depend on who tampers: every path with its content, and the patch. */
export function closedOn({ tree }: Pick<ForgedWorld, 'tree'>, closure: Closure): string {
  const patch = tree.read(`${launcherDir}/closure/wave-1.patch`);
  const changes = [...closure.changes].map(({ path, after }) => [path, after?.oid ?? null]);
  return JSON.stringify([changes, closure.patchSha256, patch === null ? null : sha256(patch)]);
}

export function copyTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
