import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecutorAdapter } from '../../packages/wave-plugin/src/adapters/adapter';
import { localAdapter } from '../../packages/wave-plugin/src/adapters/local.adapter';
import { adapterRegistry } from '../../packages/wave-plugin/src/adapters/registry';
import { currentOwner } from '../../packages/wave-plugin/src/edges/lease/owner';
import type { GitEdge } from '../../packages/wave-plugin/src/edges/git/contracts';
import { createGitEdge } from '../../packages/wave-plugin/src/edges/git/git-edge';
import type { Edges } from '../../packages/wave-plugin/src/engine/session/edges';
import { openSession, type Session } from '../../packages/wave-plugin/src/engine/session/session';
import { runAnswer } from '../../packages/wave-plugin/src/engine/wave/run-answer';
import { runDecide } from '../../packages/wave-plugin/src/engine/wave/run-decide';
import { runLand } from '../../packages/wave-plugin/src/engine/wave/run-land';
import { runReopen } from '../../packages/wave-plugin/src/engine/wave/run-reopen';
import { runRetry } from '../../packages/wave-plugin/src/engine/wave/run-retry';
import { createWaveRig, launchWave, rigEdges } from '../../packages/wave-plugin/src/testing/rig';
import { scriptedProcesses, type Pass } from './scripted-processes';
import { waveFile } from './spec';
import type { Decision, Launched, LaunchOptions, Start, Tree, World, WorldRequest } from './world';

/** A second agent program: the same command, under another name. */
const otherAdapter: ExecutorAdapter = {
  ...localAdapter,
  executorId: 'other',
  displayName: 'Other',
  buildLaunchSpec(agent, wave, options) {
    const { executor } = agent;
    const own = { ...executor, options: { local: executor.options['other'] ?? {} } };
    return localAdapter.buildLaunchSpec({ ...agent, executor: own }, wave, options);
  },
};
const adapters = [...adapterRegistry, otherAdapter];

/** Never mended: the process has died. */
const never = new Promise<never>(() => undefined);

/**
 * The real engine with real git in a repository of its own; programs are functions, and a process that dies is a call that never
 * comes back, whose leases are those of a dead process then.
 */
export async function openEngineWorld({ files, config, agentFile }: WorldRequest): Promise<World> {
  const rig = createWaveRig({ agents: [], adapters });
  const { dir, env } = rig;
  const sharedStore = join(dir, 'shared');
  let places = 0;
  let commands = 0;
  // All commands of one world are of this machine and this user.
  const first = treeAt(rig.root, 'first');
  rig.configure(config(sharedStore));
  rmSync(join(rig.root, waveFile));
  for (const [path, text] of Object.entries(files)) first.write(path, text);
  mkdirSync(join(rig.root, 'agents'), { recursive: true });
  cpSync(agentFile, join(rig.root, 'agents', 'agent.cjs'));
  first.git('add', '-A');
  first.git('commit', '-q', '-m', 'the first state');
  const trees = [first];

  return {
    first,
    // Functions note nothing there, and a path of this machine would be in what the agents see.
    log: 'starts.jsonl',
    sharedStore,
    async worktree() {
      const root = join(dir, `tree-${(places += 1)}`);
      first.git('worktree', 'add', '-q', '-b', `tree-${places}`, root);
      return keep(treeAt(root, 'first'));
    },
    async clone(from) {
      const root = join(dir, `clone-${(places += 1)}`);
      from.git('clone', '-q', from.root, root);
      return keep(treeAt(root, `clone-${places}`));
    },
    async forget(tree, what) {
      const stored = join(commonDir(tree), 'nx-wave');
      if (what === 'state') tree.remove('.tmp');
      else if (what === 'proofs') rmSync(join(stored, 'proofs'), { recursive: true, force: true });
      else {
        rmSync(stored, { recursive: true, force: true });
        for (const { repository, remove } of trees) if (repository === tree.repository) remove('.tmp');
      }
    },
    async [Symbol.asyncDispose]() {
      rig.dispose();
    },
  };

  function keep(tree: Tree): Tree {
    trees.push(tree);
    return tree;
  }

  function commonDir(tree: Tree): string {
    return tree.git('rev-parse', '--path-format=absolute', '--git-common-dir').trim();
  }

  function treeAt(root: string, repository: string): Tree {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const read = (path: string) =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
    const tree: Tree = {
      root,
      repository,
      read,
      write(path, text) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      },
      remove: (path) => rmSync(join(root, path), { recursive: true, force: true }),
      files: () => filesBelow(root, '').sort(),
      git,
      launch: (options) => launch(tree, options),
      decide: (decision) => decide(tree, decision),
      taken: (stage) => takenOf(tree, stage),
    };
    return tree;
  }

  async function launch(tree: Tree, { executor, dies }: LaunchOptions): Promise<Launched> {
    const starts: Start[] = [];
    let calls = 0;
    let died = false;
    let end: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => (end = resolve));
    const pass: Pass = () => {
      calls += 1;
      if (dies === undefined || calls < dies) return Promise.resolve();
      died = true;
      end();
      return never;
    };
    const edges: Partial<Edges> = {
      git: mortal(sharedRepository(createGitEdge({ env, tmpDir: join(dir, 'scratch') })), pass),
      processes: scriptedProcesses(starts, pass),
    };
    const wave = {
      number: 1,
      runs: () => ({}),
      read: (path: string) => tree.read(path) ?? '',
      edges: (overrides?: Partial<Edges>) => edgesOf({ ...edges, ...overrides }),
      session: (with_?: Edges) => sessionOf(tree, with_ ?? edgesOf(edges), executor),
    };
    const lines: string[] = [];
    const launched = launchWave(wave, { ...edges, print: (line) => lines.push(line) }, null);
    const result = await Promise.race([launched, dead]);
    if (died) markDead(tree);
    return { starts, died, calls, lines, tasks: result === undefined ? readTasks(lines) : result.tasks };
  }

  function edgesOf(overrides: Partial<Edges>): Edges & { lines: string[] } {
    return rigEdges(dir, env, { now, runId: `command-${(commands += 1)}`, ...overrides });
  }

  /** Each command is a second later than the one before. */
  function now(): Date {
    return new Date(Date.UTC(2030, 0, 2) + 1000 * commands);
  }

  function sessionOf(tree: Tree, edges: Edges, executor?: string) {
    return openSession(
      {
        workspaceRoot: tree.root,
        wavePath: waveFile,
        adapters,
        ...(executor === undefined ? {} : { executor }),
      },
      edges,
    );
  }

  async function decide(tree: Tree, decision: Decision): Promise<boolean> {
    const edges = edgesOf({ processes: scriptedProcesses([], () => Promise.resolve()) });
    const opened = await sessionOf(tree, edges);
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return (await decided(opened.value, decision, tree)).ok;
  }

  /** The files that say who works where are those of a process that has ended. */
  function markDead(tree: Tree): void {
    const { startTime } = currentOwner();
    const mine = new RegExp(`"(startTime|started)":"${startTime}"`, 'g');
    for (const folder of [join(commonDir(tree), 'nx-wave', 'leases'), sharedStore, join(dir, 'scratch')])
      for (const path of existsSync(folder) ? filesBelow(folder, '', true) : []) {
        const file = join(folder, path);
        if (statSync(file).size > 4096) continue;
        const text = readFileSync(file, 'utf8');
        if (mine.test(text)) writeFileSync(file, text.replace(mine, '"$1":"dead"'));
      }
  }
}

const signed = { by: 'Ada', reason: 'because' };

async function decided(session: Session, decision: Decision, tree: Tree): Promise<{ ok: boolean }> {
  if (decision.do === 'retry') {
    const { agents, fresh } = decision;
    return runRetry(session, { agents, fresh, whatIf: null, apply: signed });
  }
  if (decision.do === 'answer') return runAnswer(session, { ...decision, by: signed.by });
  if (decision.do === 'waive')
    return runDecide(session, {
      waive: decision.code,
      ...(decision.agent ? { agent: decision.agent } : {}),
      ...signed,
    });
  if (decision.do === 'amend')
    return runDecide(session, { amend: decision.agent, paths: decision.path, ...signed });
  if (decision.do === 'land') return runLand(session, { mode: decision.mode, by: signed.by });
  if (decision.do === 'reopen') return runReopen(session, signed);
  const handoff = tree.read(`.tmp/main-wave-launcher/handoff/wave-1/${decision.agent}.json`);
  const { workKey = '' } = JSON.parse(handoff ?? '{}') as { workKey?: string };
  const found = workKey === '' ? [] : (await session.proofs.find(workKey)).bundles;
  const [bundle] = found;
  if (bundle === undefined) return { ok: false };
  return runDecide(session, { revoke: bundle.proofDigest, ...signed });
}

/** One look at the repository for all tasks of a launch: nothing moves it meanwhile. */
function sharedRepository(git: GitEdge): GitEdge {
  const known = new Map<string, ReturnType<GitEdge['openRepository']>>();
  return {
    ...git,
    openRepository: (root) => known.get(root) ?? known.set(root, git.openRepository(root)).get(root) ?? never,
  };
}

/** Every call that can take a moment may be the last one of the process. */
function mortal<T extends object>(edge: T, pass: Pass): T {
  const entries = Object.entries(edge).map(([name, value]) => {
    if (typeof value !== 'function' || ['recordCheckout', 'damagedObjects'].includes(name))
      return [name, value];
    const call = value as (...args: unknown[]) => Promise<unknown>;
    return [name, async (...args: unknown[]) => pass().then(() => call.apply(edge, args))];
  });
  return Object.fromEntries(entries) as T;
}

/** What the lines of a launch that never ended tell of its agents. */
function readTasks(lines: readonly string[]): Record<string, string> {
  const tasks: Record<string, string> = {};
  for (const line of lines) {
    const [, how, id] = /^(reused|proven): wave-1\/(\w+)\//.exec(line) ?? [];
    if (id !== undefined && how !== undefined) tasks[`agent-${id.toLowerCase()}`] = how;
  }
  return tasks;
}

/** The slices of a stage that was judged. */
function takenOf(tree: Tree, stage: string): ReturnType<Tree['taken']> {
  const list = tree.read(`.tmp/main-wave-launcher/gates/wave-1/${stage}/slices.json`);
  const { slices } = JSON.parse(list ?? '{"slices":[]}') as {
    slices: { sliceId: string; changes: { path: string; after: { oid: string } | null }[] }[];
  };
  return Object.fromEntries(
    slices.map(({ sliceId, changes }) => [
      sliceId,
      changes.map(({ path, after }) => [path, after?.oid ?? null]),
    ]),
  );
}

/** Files below a folder, without what git ignores and git itself unless `all`. */
function filesBelow(root: string, folder: string, all = false): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!all && folder === '' && ['.git', '.tmp'].includes(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(root, path, all);
    return entry.isFile() ? [path] : [];
  });
}
