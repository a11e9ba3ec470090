import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Result } from '@nx-wave/schemas/plain';
import { type Checkout, type Collected, type GitEdge, type Repository, type Snapshot } from '../contracts';
import { type GitEdgeOptions, createGitEdge } from '../git-edge';

/** Files of a test tree: text, `{link}` for a symbolic link, `{run}` for an executable. */
export type TestFiles = Record<string, string | Uint8Array | { link: string } | { run: string }>;

/** The value of a result that a test expects to be there. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

export function writeFiles(root: string, files: TestFiles): void {
  for (const [path, content] of Object.entries(files)) {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    rmSync(at, { force: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(at, content);
    else if ('link' in content) symlinkSync(content.link, at);
    else {
      writeFileSync(at, content.run);
      chmodSync(at, 0o755);
    }
  }
}

/** A temporary home with a repository in it, and an edge that works on it. */
export interface RepoRig {
  dir: string;
  home: string;
  /** Top folder of the repository. */
  root: string;
  env: Record<string, string>;
  edge: GitEdge;
  git(...args: string[]): string;
  gitIn(cwd: string, ...args: string[]): string;
  /** Writes files below the repository. */
  write(files: TestFiles): void;
  open(workspace?: string): Promise<Repository>;
  /** Snapshot and checkout in one step. */
  checkout(options?: {
    repo?: Repository;
    name?: string;
    nodeModules?: 'links' | 'copy';
  }): Promise<{ repo: Repository; snapshot: Snapshot; checkout: Checkout }>;
  collect(checkout: Checkout, artifactPaths?: string[]): Promise<Result<Collected>>;
  /** Everything of the repository that a run must not change, as one text. */
  fingerprint(): string;
  remove(): void;
}

/** Makes a repository with one commit of `files`. */
export function makeRepoRig(
  files: TestFiles = { 'a.txt': 'a\n' },
  edgeOptions: Partial<GitEdgeOptions> = {},
): RepoRig {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-test-')));
  const [home, root] = [join(dir, 'home'), join(dir, 'user')];
  mkdirSync(home);
  mkdirSync(root);
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.test\n[init]\n\tdefaultBranch = main\n',
  );
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1' };
  const edge = createGitEdge({ env, tmpDir: dir, ...edgeOptions });
  const gitIn = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  const git = (...args: string[]) => gitIn(root, ...args);
  git('init', '-q');
  writeFiles(root, files);
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  let count = 0;
  const open = async (workspace = root) => must(await edge.openRepository(workspace));
  return {
    dir,
    home,
    root,
    env,
    edge,
    git,
    gitIn,
    open,
    write: (more) => writeFiles(root, more),
    async checkout(options = {}) {
      const repo = options.repo ?? (await open());
      const name = options.name ?? `c${(count += 1)}`;
      const snapshot = must(
        await edge.snapshot(repo, { mode: 'worktree', into: join(dir, `${name}-snapshot`) }),
      );
      const checkout = must(
        await edge.createCheckout(
          repo,
          { ...snapshot, parentCommit: snapshot.commit },
          { home: join(dir, name), nodeModules: options.nodeModules ?? 'links' },
        ),
      );
      return { repo, snapshot, checkout };
    },
    collect: (checkout, artifactPaths = []) =>
      edge.collect(checkout, { artifactPaths, packFile: join(dir, `pack-${(count += 1)}`) }),
    fingerprint: () =>
      [
        git('for-each-ref'),
        git('stash', 'list'),
        git('worktree', 'list'),
        readFileSync(join(root, '.git', 'config'), 'utf8'),
        readFileSync(join(root, '.git', 'HEAD'), 'utf8'),
        readFileSync(join(root, '.git', 'index')).toString('hex'),
        execFileSync(
          'ls',
          ['-lR', '--time-style=full-iso', join(root, '.git', 'hooks'), join(root, '.git', 'info')],
          { encoding: 'utf8' },
        ),
        git('count-objects', '-v'),
        execFileSync('git', ['status', '--porcelain=v2', '--ignored'], {
          cwd: root,
          env: { ...env, GIT_OPTIONAL_LOCKS: '0' },
          encoding: 'utf8',
        }),
        readFileSync(join(home, '.gitconfig'), 'utf8'),
      ].join('\n---\n'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
