import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { managers, toolFolder } from './managers.mjs';
import { start } from './start.mjs';

/**
 * A workspace of somebody else in a home of its own: files, one commit, Nx and `packages` installed by the package manager, then
 * `prepare`, the commands that its owners have run before we came. `folder` is where it stands below the root of its repository;
 * `terminal` gives every command a terminal with the TUI of Nx. `run` starts a command in a shell, as a person would, and answers
 * code and output; `start` answers one that can be interrupted.
 */
export async function createStranger(options) {
  const {
    dir,
    manager,
    nx,
    folder = '',
    files = {},
    packages = [],
    prepare = [],
    terminal = false,
  } = options;
  const { files: own, install, run: runner } = managers[manager];
  const repository = join(dir, 'repository');
  const root = join(repository, folder);
  mkdirSync(root, { recursive: true });
  const env = await environment(options);
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const begin = (command, { inTerminal = terminal } = {}) =>
    start(command.replace(/\bnpx(?= )/g, runner), { cwd: root, env, inTerminal });
  const run = (command, how) => begin(command, how).ended;
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
    `${install} ${[`nx@${nx}`, ...packages].join(' ')}`,
    ...prepare,
    'git add -A && git commit -q -m first',
  ]) {
    const { code, output } = await run(command, { inTerminal: false });
    if (code !== 0) throw new Error(`${command}\n${output}`);
  }
  return {
    terminal,
    run,
    start: begin,
    write,
    install: (spec) => run(`${install} ${spec}`, { inTerminal: false }),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    names: (folder) => readdirSync(join(root, folder)),
    rename: (from, to) => renameSync(join(root, from), join(root, to)),
  };
}

/** Nothing of whoever runs the trials but the programs on PATH: a home of its own, and the registry of the trials where there is one. */
async function environment({ dir, manager, registry, npmCache, daemon = false }) {
  const { tool } = managers[manager];
  const home = join(dir, 'home');
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
  return {
    ...Object.fromEntries(inherited),
    PATH: [...(tool === null ? [] : [await toolFolder(tool)]), process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: join(dir, 'tmp'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_PAGER: 'cat',
    NX_DAEMON: String(daemon),
    NX_NO_CLOUD: 'true',
    ...(npmCache === undefined ? {} : { npm_config_cache: npmCache }),
    ...(registry === null
      ? {}
      : {
          npm_config_registry: registry,
          // `nx migrate` asks who has built Nx, and a registry of this machine attests nothing.
          NX_SKIP_PROVENANCE_CHECK: 'true',
          // It installs below the home, and that of a trial is a folder for temporary files.
          NX_ALLOW_INSECURE_DIRECTORIES: 'true',
          YARN_NPM_REGISTRY_SERVER: registry,
          YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
          YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
          // The packages under test have just been published.
          YARN_NPM_MINIMAL_AGE_GATE: '0',
        }),
  };
}
