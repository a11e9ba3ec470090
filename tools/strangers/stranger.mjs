import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { managers, toolFolder } from './managers.mjs';

/**
 * A workspace of somebody else in a home of its own: files, one commit, Nx installed by the package manager. `folder` is where it
 * stands below the root of its repository. `run` starts a command in a shell, as a person would, and answers code and output.
 */
export async function createStranger({
  dir,
  manager,
  nx,
  folder = '',
  files = {},
  registry,
  daemon = false,
}) {
  const { tool, files: own, install, run: runner } = managers[manager];
  const repository = join(dir, 'repository');
  const root = join(repository, folder);
  const home = join(dir, 'home');
  mkdirSync(root, { recursive: true });
  mkdirSync(join(dir, 'tmp'), { recursive: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.test\n[init]\n\tdefaultBranch = main\n',
  );
  // Yarn 1 gives its own registry to what it starts.
  if (registry !== null) writeFileSync(join(home, '.yarnrc'), `registry "${registry}"\n`);
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CI$|NX_|WAVE_|GIT_|npm_|NODE_OPTIONS$|JEST_|FORCE_COLOR$|INIT_CWD$)/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    PATH: [...(tool === null ? [] : [await toolFolder(tool)]), process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: join(dir, 'tmp'),
    GIT_CONFIG_NOSYSTEM: '1',
    NX_DAEMON: String(daemon),
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    ...(registry === null
      ? {}
      : {
          npm_config_registry: registry,
          YARN_NPM_REGISTRY_SERVER: registry,
          YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
          YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
          // The packages under test have just been published.
          YARN_NPM_MINIMAL_AGE_GATE: '0',
        }),
  };
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const run = (command) => {
    const from = performance.now();
    const line = command.replace(/\bnpx(?= )/g, runner);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: root,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { command: line, code: status ?? 1, output: `${stdout}\n${stderr}`, ms: performance.now() - from };
  };
  const given = {
    'package.json': '{ "name": "somebody-else", "version": "0.0.0", "private": true }\n',
    'nx.json': '{ "analytics": false }\n',
    // A last line without an end, as editors leave it.
    '.gitignore': 'node_modules\n.nx\n.yarn\n.pnp.*',
    ...own,
    ...files,
  };
  for (const [path, text] of Object.entries(given)) write(path, text);
  for (const command of [
    `git init -q ${repository}`,
    `${install} nx@${nx}`,
    'git add -A && git commit -q -m first',
  ]) {
    const { code, output } = run(command);
    if (code !== 0) throw new Error(`${command}\n${output}`);
  }
  return {
    root,
    run,
    write,
    install: (spec) => run(`${install} ${spec}`),
    read: (path) => readFileSync(join(root, path), 'utf8'),
  };
}
