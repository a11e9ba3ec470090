import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uncaged } from '../../packages/wave-plugin/src/testing/uncaged';
import { createWorkspace, type Workspace } from '../e2e/workspace';
import type { Decision, Launched, LaunchOptions, Start, Tree, World, WorldRequest } from './world';

/** What this door cannot play: a process of Nx that dies (`npm run test:faults -- --nx` does that), and a program of ours. */
export const notThroughNx: readonly string[] = [
  'runner killed',
  'runner killed while work is due',
  'another executor',
];

const launcher = '.tmp/main-wave-launcher';

/** Real Nx with the packages as they are published, in the workspace of somebody who has installed nothing else. */
export async function openNxWorld({ files, config, agentFile }: WorldRequest): Promise<World> {
  let sharedStore = '';
  let log = '';
  const workspace = createWorkspace('user', (root, dir) => {
    sharedStore = join(dir, 'shared');
    log = join(dir, 'starts.jsonl');
    writeFileSync(log, '');
    const settings = { version: 1, ...uncaged(config(sharedStore)) };
    for (const [path, text] of Object.entries({
      ...files,
      'wave.config.json': `${JSON.stringify(settings)}\n`,
    })) {
      if (path === '.gitignore') continue;
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    mkdirSync(join(root, 'agents'), { recursive: true });
    cpSync(agentFile, join(root, 'agents', 'agent.cjs'));
  });
  const trees: { tree: Tree; name: string }[] = [];
  let places = 0;
  const keep = (tree: Tree, name: string) => {
    trees.push({ tree, name });
    return tree;
  };
  const first = keep(treeAt(workspace, 'first'), 'nx');
  const open = new Map<Tree, Workspace>([[first, workspace]]);
  return {
    first,
    log,
    sharedStore,
    async worktree() {
      const name = `tree-${(places += 1)}`;
      const other = workspace.sibling(name, 'worktree');
      other.git('checkout', '-q', '-b', name);
      const tree = keep(treeAt(other, 'first'), name);
      open.set(tree, other);
      return tree;
    },
    async clone(from) {
      const name = `clone-${(places += 1)}`;
      const other = (open.get(from) ?? workspace).sibling(name, 'clone');
      const tree = keep(treeAt(other, name), name);
      open.set(tree, other);
      return tree;
    },
    async forget(tree, what) {
      const stored = join(
        tree.git('rev-parse', '--path-format=absolute', '--git-common-dir').trim(),
        'nx-wave',
      );
      if (what === 'state') tree.remove('.tmp');
      else if (what === 'proofs') rmSync(join(stored, 'proofs'), { recursive: true, force: true });
      else {
        rmSync(stored, { recursive: true, force: true });
        for (const { tree: other, name } of trees.filter((one) => one.tree.repository === tree.repository)) {
          other.remove('.tmp');
          for (const kind of ['cache', 'data'])
            rmSync(join(workspace.dir, `${name}-${kind}`), { recursive: true, force: true });
        }
      }
    },
    async [Symbol.asyncDispose]() {
      workspace.dispose();
    },
  };

  function treeAt(at: Workspace, repository: string): Tree {
    const read = (path: string) =>
      existsSync(join(at.root, path)) ? readFileSync(join(at.root, path), 'utf8') : null;
    return {
      root: at.root,
      repository,
      read,
      write: at.write,
      remove: at.remove,
      git: at.git,
      files: () =>
        at
          .git('ls-files', '-z', '--cached', '--others', '--exclude-standard')
          .split('\0')
          .filter((path) => path !== '' && existsSync(join(at.root, path)))
          .sort(),
      launch: (options) => launch(at, options),
      decide: (decision) => decide(at, decision),
      taken: (stage) => takenOf(read, stage),
    };
  }

  function starts(): Start[] {
    const found: Start[] = [];
    for (const line of readFileSync(log, 'utf8').split('\n').filter(Boolean)) {
      const { id, phase, writes, asked } = JSON.parse(line) as {
        id: string;
        phase: string;
        writes: [string, string][];
        asked: boolean;
      };
      const open_ = found.findLast((one) => one.id === id && one.wrote === null);
      if (phase === 'started') found.push({ id, wrote: null, asked: false });
      else if (open_ !== undefined) Object.assign(open_, { wrote: writes, asked });
    }
    return found;
  }

  async function launch(at: Workspace, _options: LaunchOptions): Promise<Launched> {
    const before = starts().length;
    const run = await at.nx(['run', 'wave-1:launch', '--outputStyle=static', '--parallel=1']);
    const tasks: Record<string, string> = {};
    for (const [, sign, task = ''] of run.output.matchAll(/^(✔|✖) {2}nx run wave-1:(\S+)/gm)) {
      const isAgent = task.startsWith('agent-');
      const well = run.cached.includes(`wave-1:${task}`)
        ? isAgent
          ? 'reused'
          : 'passed'
        : isAgent
          ? 'proven'
          : 'passed';
      tasks[task] = sign === '✖' ? 'failed' : well;
    }
    return { starts: starts().slice(before), tasks, died: false, calls: 0, lines: run.output.split('\n') };
  }
}

async function decide(at: Workspace, decision: Decision): Promise<boolean> {
  const words = commandOf(at, decision);
  return words !== null && (await at.nx(['run', ...words, '--outputStyle=static'])).code === 0;
}

/** The command that a person would type. */
function commandOf(at: Workspace, decision: Decision): string[] | null {
  const signed = ['--by=Ada', '--reason=because'];
  switch (decision.do) {
    case 'retry':
      return [
        'wave-1:retry',
        '--apply',
        `--agent=${decision.agents.join(',')}`,
        ...(decision.fresh ? ['--fresh'] : []),
        ...signed,
      ];
    case 'answer':
      return ['wave-1:answer', `--request=${decision.request}`, `--text=${decision.text}`, '--by=Ada'];
    case 'waive':
      return ['wave-1:decide', `--waive=${decision.code}`, ...signed];
    case 'amend':
      return ['wave-1:decide', `--amend=${decision.agent}`, `--paths=${decision.path}`, ...signed];
    case 'land':
      return ['wave-1:land', ...(decision.mode === 'commit' ? ['--commit'] : []), '--by=Ada'];
    case 'reopen':
      return ['wave-1:reopen', ...signed];
    case 'revoke': {
      const bundle = bundleOf(at, decision.agent);
      return bundle === null ? null : ['wave-1:decide', `--revoke=${bundle}`, ...signed];
    }
  }
}

/** The bundle that the handoff of an agent speaks of. */
function bundleOf(at: Workspace, id: string): string | null {
  const handoff = join(at.root, launcher, `handoff/wave-1/${id}.json`);
  if (!existsSync(handoff)) return null;
  const { workKey } = JSON.parse(readFileSync(handoff, 'utf8')) as { workKey: string };
  const results = join(at.root, launcher, 'results/wave-1');
  for (const attempt of existsSync(results) ? readdirSync(results) : []) {
    const manifest = join(results, attempt, id, 'manifest.json');
    if (!existsSync(manifest)) continue;
    const { predicate } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      predicate: { workKey: string; proofBundleId: string };
    };
    if (predicate.workKey === workKey) return predicate.proofBundleId;
  }
  return null;
}

function takenOf(read: (path: string) => string | null, stage: string): ReturnType<Tree['taken']> {
  const list = read(`${launcher}/gates/wave-1/${stage}/slices.json`);
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
