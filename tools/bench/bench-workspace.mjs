import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * A workspace of its own with the packages as they are published, made from the sources as they are, everything of Nx in its
 * own folders, no daemon: what a benchmark measures in.
 */
export function createBenchWorkspace() {
  const built = execFileSync(process.execPath, [join(root, 'tools', 'test-packages.mjs')], {
    encoding: 'utf8',
  });
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-bench-')));
  const workspace = join(dir, 'workspace');
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CI$|NX_|GIT_|npm_|NODE_OPTIONS$)/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    HOME: dir,
    TMPDIR: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    NX_CACHE_DIRECTORY: join(dir, 'cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(dir, 'data'),
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
  };
  const write = (path, text) => {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  };
  const json = (path, value) => write(path, `${JSON.stringify(value, null, 2)}\n`);
  json('package.json', { name: 'bench', version: '0.0.0', private: true });
  json('nx.json', { plugins: ['@nx-wave/plugin'], analytics: false });
  json('wave.config.json', {
    version: 1,
    executors: { default: 'local', local: { isolation: 'off' } },
    proof: { isolation: 'off' },
  });
  write('.gitignore', 'node_modules/\n.tmp/\n.nx/\ncounts.jsonl\ntimes.jsonl\n');
  const modules = join(workspace, 'node_modules');
  mkdirSync(join(modules, '@nx-wave'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@nx-wave' && name !== '.cache')
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
  for (const [name, folder] of [
    ['plugin', 'wave-plugin'],
    ['schemas', 'wave-schemas'],
  ])
    cpSync(join(built, folder), join(modules, '@nx-wave', name), { recursive: true });
  const git = (...args) => execFileSync('git', args, { cwd: workspace, env, stdio: 'pipe' });
  const load = createRequire(join(workspace, 'package.json'));
  return {
    folder: workspace,
    write,
    json,
    read: (path) => readFileSync(join(workspace, path), 'utf8'),
    readLines: (path) => readFileSync(join(workspace, path), 'utf8').split('\n').filter(Boolean),
    /** Loads a module of the built packages. */
    load,
    /** The first commit of what was written. */
    commit: () => {
      git('init', '-q');
      git('add', '-A');
      git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', 'commit', '-q', '-m', 'first');
    },
    env,
    /** Runs `nx run`; throws where it fails or does not say what it must. */
    run: (task, { says = '', args = [], env: more = {} } = {}) => {
      const bin = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
      const output = execFileSync(process.execPath, [bin, 'run', task, '--outputStyle=static', ...args], {
        cwd: workspace,
        env: { ...env, ...more },
        encoding: 'utf8',
        stdio: 'pipe',
        maxBuffer: 64 * 1024 * 1024,
      });
      if (!output.includes(says)) throw new Error(output);
    },
    /** The project that the plugin makes of one wave file. */
    infer: (path) => {
      const { createNodes } = load('@nx-wave/plugin');
      const nodes = createNodes[1]([path], undefined, { workspaceRoot: workspace, nxJsonConfiguration: {} });
      return Object.values(nodes[0][1].projects)[0];
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Milliseconds that a piece of work takes. */
export function timed(work) {
  const from = performance.now();
  work();
  return performance.now() - from;
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
