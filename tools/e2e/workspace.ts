import { execFileSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Closure } from '@nx-wave/schemas';
import { copyModules, installationOfUser, installPackages } from './install';

const source = resolve(__dirname, '..', '..');
/** What an outer Nx, git or wave run puts into the environment. */
const foreign = /^(CI$|NX_|WAVE_|GIT_|npm_|NODE_OPTIONS$|NODE_V8_COVERAGE$|JEST_|FORCE_COLOR$)/;

export interface NxRun {
  code: number;
  /** Both streams, in the order in which they came. */
  output: string;
  /** Tasks that Nx showed, and those of them that it served from its cache. */
  tasks: string[];
  cached: string[];
}

/** A repository of its own: own git state, own Nx cache, own dependencies, no daemon. */
export interface Workspace {
  root: string;
  /** Holds the clone and its siblings; removed by `dispose` of the first one. */
  dir: string;
  /** `watch` gets the process of Nx as soon as it is started. */
  nx(args: string[], env?: Record<string, string>, watch?: (nx: ChildProcess) => void): Promise<NxRun>;
  git(...args: string[]): string;
  read(path: string): string;
  readJson(path: string): unknown;
  write(path: string, text: string): void;
  replace(path: string, from: string, to: string): void;
  remove(path: string): void;
  closure(wave: number, lane?: string): Closure;
  /** How often the program of each agent of a wave has been started in this clone. */
  runs(wave: number, lane?: string): Record<string, number>;
  /** Everything of the repository that no launch may change, as one text. */
  fingerprint(): string;
  /** A second clone of the last commit, or a linked worktree: with an Nx cache and dependencies of its own. */
  sibling(name: string, kind: 'clone' | 'worktree'): Workspace;
  dispose(): void;
}

/**
 * `user`: the workspace of somebody who has installed the published packages and nothing else. `example`: the example
 * and its waves, in a workspace with the published packages. `source`: this whole repository, the plugin run from its source.
 */
export type WorkspaceKind = 'user' | 'example' | 'source';

/** What a workspace of each kind has of the files of this repository. */
const holds: Record<WorkspaceKind, (path: string) => boolean> = {
  user: (path) =>
    ['nx.json', '.gitignore', 'tsconfig.base.json'].includes(path) || path.startsWith('docs/agents/'),
  example: (path) => !/^(packages|tools|\.ci)\//.test(path),
  source: () => true,
};

/** `prepare` changes the files before the first commit. */
export function createWorkspace(
  kind: WorkspaceKind,
  prepare: (root: string, dir: string) => void = () => undefined,
): Workspace {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-e2e-')));
  const root = join(dir, 'clone');
  const home = join(dir, 'home');
  mkdirSync(root);
  mkdirSync(home);
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.test\n[init]\n\tdefaultBranch = main\n',
  );
  copySource(root, holds[kind]);
  const modules = join(root, 'node_modules');
  if (kind === 'user') {
    const { manifest, lock, modules: names } = installationOfUser(source);
    writeFileSync(join(root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
    copyModules(join(source, 'node_modules'), modules, names);
  } else copyModules(join(source, 'node_modules'), modules, 'all');
  if (kind !== 'source') installPackages(source, modules);
  prepare(root, dir);
  const env = isolatedEnv(dir, home, 'nx');
  const clone = openWorkspace(dir, root, env);
  clone.git('init', '-q');
  clone.git('add', '-A');
  clone.git('commit', '-q', '-m', 'first');
  return clone;
}

/** The environment of a person with this home, whose Nx knows of no other clone. */
function isolatedEnv(dir: string, home: string, nx: string): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
      ),
    ),
    HOME: home,
    TMPDIR: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    NX_CACHE_DIRECTORY: join(dir, `${nx}-cache`),
    NX_WORKSPACE_DATA_DIRECTORY: join(dir, `${nx}-data`),
    NX_DAEMON: 'false',
    NX_ISOLATE_PLUGINS: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
  };
}

function openWorkspace(dir: string, root: string, env: Record<string, string>): Workspace {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  return {
    root,
    dir,
    nx: (args, more = {}, watch) => runNx(root, args, { ...env, ...more }, watch),
    git,
    read,
    readJson: (path) => JSON.parse(read(path)) as unknown,
    write,
    replace(path, from, to) {
      const text = read(path);
      if (!text.includes(from)) throw new Error(`${path} does not hold: ${from}`);
      write(path, text.replace(from, to));
    },
    remove: (path) => rmSync(join(root, path), { recursive: true, force: true }),
    closure: (wave, lane = 'main') =>
      JSON.parse(read(`.tmp/${lane}-wave-launcher/closure/wave-${wave}.json`)) as Closure,
    runs: (wave, lane = 'main') =>
      countAttempts(
        join(root, '.git', 'nx-wave', 'attempts', `${lane === 'main' ? '' : `${lane}-`}wave-${wave}`),
      ),
    fingerprint: () =>
      [
        createHash('sha256')
          .update(readFileSync(join(root, '.git', 'index')))
          .digest('hex'),
        readFileSync(join(root, '.git', 'config'), 'utf8'),
        readdirSync(join(root, '.git', 'hooks')).join(' '),
        git('for-each-ref'),
        git('stash', 'list'),
        git('worktree', 'list'),
        git('--no-optional-locks', 'status', '--porcelain'),
      ].join('\n---\n'),
    sibling(name, kind) {
      const place = join(dir, name);
      if (kind === 'worktree') git('worktree', 'add', '-q', '--detach', place);
      else git('clone', '-q', root, place);
      copyModules(join(root, 'node_modules'), join(place, 'node_modules'), 'all');
      return openWorkspace(dir, place, isolatedEnv(dir, env['HOME'] ?? '', name));
    },
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The tracked and new files as they are now. */
function copySource(root: string, wanted: (path: string) => boolean): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: source,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  for (const path of new Set(listed.split('\0').filter((one) => one !== '' && wanted(one)))) {
    const to = join(root, path);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(source, path), to, { force: true, verbatimSymlinks: true });
  }
}

async function runNx(
  cwd: string,
  args: string[],
  env: Record<string, string>,
  watch?: (nx: ChildProcess) => void,
): Promise<NxRun> {
  const manifest = join(cwd, 'node_modules', 'nx', 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { nx: string } };
  const { execa } = await import('execa');
  const child = execa(process.execPath, [join(dirname(manifest), bin.nx), ...args], {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    stripFinalNewline: false,
    maxBuffer: Infinity,
    reject: false,
    forceKillAfterDelay: false,
  });
  watch?.(child);
  const { exitCode, all: output } = await child;
  const shown = [...output.matchAll(/^(?:> nx run|✔ {2}nx run|✖ {2}nx run) (\S+)(.*)$/gm)];
  const named = (keep: (rest: string) => boolean) => [
    ...new Set(shown.filter(([, , rest]) => keep(rest ?? '')).map(([, task]) => task ?? '')),
  ];
  return {
    code: exitCode ?? 1,
    output,
    tasks: named(() => true),
    cached: named((rest) => /\[(local cache|remote cache|existing outputs)/.test(rest)),
  };
}

function countAttempts(folder: string): Record<string, number> {
  try {
    return Object.fromEntries(readdirSync(folder).map((id) => [id, readdirSync(join(folder, id)).length]));
  } catch {
    return {};
  }
}
