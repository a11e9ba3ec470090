import { stat } from '../files/at-once';
import { isAbsolute, join } from 'node:path';

/** Where a tool keeps what proof commands need, below the home of a person. */
export interface Toolchain {
  /** The variable by which the tool is told its folder. */
  variable: string;
  /** The folder that it takes without the variable, by platform; the first that is there. */
  folders: readonly string[];
  /**
   * `installed`: what the person has set up; where it is not, there is nothing to name. `downloads`: packages and programs
   * that the tool fetches when they are missing; where the person has none, it gets a private folder that lasts for a tree.
   */
  holds: 'installed' | 'downloads';
  /** What is shared of a folder that also holds logins, settings or results: the rest of it is private. */
  parts?: readonly string[];
}

/**
 * Toolchains that live in a person's home, one row each. Named are installed programs and downloaded packages; settings,
 * logins and results of builds are not. Maven and other programs on a JVM ask the system for the home, not `HOME`.
 */
export const toolchains: readonly Toolchain[] = [
  { variable: 'ANDROID_HOME', folders: ['Android/Sdk', 'Library/Android/sdk'], holds: 'installed' },
  { variable: 'ASDF_DATA_DIR', folders: ['.asdf'], holds: 'installed' },
  { variable: 'BAZELISK_HOME', folders: ['.cache/bazelisk', 'Library/Caches/bazelisk'], holds: 'downloads' },
  { variable: 'BUN_INSTALL', folders: ['.bun'], holds: 'installed' },
  {
    variable: 'CARGO_HOME',
    folders: ['.cargo'],
    holds: 'downloads',
    parts: ['bin', 'git', 'registry'],
  },
  {
    variable: 'COMPOSER_CACHE_DIR',
    folders: ['.cache/composer', 'Library/Caches/composer'],
    holds: 'downloads',
  },
  { variable: 'COREPACK_HOME', folders: ['.cache/node/corepack'], holds: 'downloads' },
  {
    variable: 'CYPRESS_CACHE_FOLDER',
    folders: ['.cache/Cypress', 'Library/Caches/Cypress'],
    holds: 'downloads',
  },
  { variable: 'DENO_DIR', folders: ['.cache/deno', 'Library/Caches/deno'], holds: 'downloads' },
  {
    variable: 'FNM_DIR',
    folders: ['.local/share/fnm', 'Library/Application Support/fnm', '.fnm'],
    holds: 'installed',
  },
  { variable: 'GOENV_ROOT', folders: ['.goenv'], holds: 'installed' },
  // Without it the modules are below GOPATH.
  { variable: 'GOMODCACHE', folders: [], holds: 'installed' },
  { variable: 'GOPATH', folders: ['go'], holds: 'downloads' },
  {
    variable: 'GRADLE_USER_HOME',
    folders: ['.gradle'],
    holds: 'downloads',
    parts: ['caches/modules-2', 'jdks', 'wrapper'],
  },
  { variable: 'HEX_HOME', folders: ['.hex'], holds: 'downloads', parts: ['packages'] },
  { variable: 'JENV_ROOT', folders: ['.jenv'], holds: 'installed' },
  {
    variable: 'MAVEN_USER_HOME',
    folders: ['.m2'],
    holds: 'downloads',
    parts: ['repository', 'wrapper'],
  },
  { variable: 'MISE_DATA_DIR', folders: ['.local/share/mise'], holds: 'installed' },
  { variable: 'MISE_GLOBAL_CONFIG_FILE', folders: ['.config/mise/config.toml'], holds: 'installed' },
  { variable: 'MIX_HOME', folders: ['.mix'], holds: 'downloads' },
  { variable: 'NODENV_ROOT', folders: ['.nodenv'], holds: 'installed' },
  { variable: 'NUGET_PACKAGES', folders: ['.nuget/packages'], holds: 'downloads' },
  { variable: 'NVM_DIR', folders: ['.nvm', '.config/nvm'], holds: 'installed' },
  { variable: 'OPAMROOT', folders: ['.opam'], holds: 'installed' },
  { variable: 'PHPENV_ROOT', folders: ['.phpenv'], holds: 'installed' },
  { variable: 'PIP_CACHE_DIR', folders: ['.cache/pip', 'Library/Caches/pip'], holds: 'downloads' },
  {
    variable: 'PLAYWRIGHT_BROWSERS_PATH',
    folders: ['.cache/ms-playwright', 'Library/Caches/ms-playwright'],
    holds: 'downloads',
  },
  { variable: 'PNPM_HOME', folders: ['.local/share/pnpm', 'Library/pnpm'], holds: 'installed' },
  {
    variable: 'POETRY_CACHE_DIR',
    folders: ['.cache/pypoetry', 'Library/Caches/pypoetry'],
    holds: 'downloads',
  },
  { variable: 'PROTO_HOME', folders: ['.proto'], holds: 'installed' },
  {
    variable: 'PUB_CACHE',
    folders: ['.pub-cache'],
    holds: 'downloads',
    parts: ['bin', 'git', 'global_packages', 'hosted', 'hosted-hashes'],
  },
  { variable: 'PUPPETEER_CACHE_DIR', folders: ['.cache/puppeteer'], holds: 'downloads' },
  { variable: 'PYENV_ROOT', folders: ['.pyenv'], holds: 'installed' },
  { variable: 'PYTHONUSERBASE', folders: ['.local'], holds: 'installed' },
  { variable: 'RBENV_ROOT', folders: ['.rbenv'], holds: 'installed' },
  { variable: 'RUSTUP_HOME', folders: ['.rustup'], holds: 'installed' },
  { variable: 'SDKMAN_DIR', folders: ['.sdkman'], holds: 'installed' },
  { variable: 'SE_CACHE_PATH', folders: ['.cache/selenium'], holds: 'downloads' },
  { variable: 'UV_CACHE_DIR', folders: ['.cache/uv'], holds: 'downloads' },
  { variable: 'UV_PYTHON_INSTALL_DIR', folders: ['.local/share/uv/python'], holds: 'installed' },
  { variable: 'UV_TOOL_DIR', folders: ['.local/share/uv/tools'], holds: 'installed' },
  { variable: 'VOLTA_HOME', folders: ['.volta'], holds: 'installed' },
  { variable: 'YARN_GLOBAL_FOLDER', folders: ['.yarn/berry'], holds: 'downloads' },
  { variable: 'npm_config_cache', folders: ['.npm'], holds: 'downloads' },
];

/** Files of the home itself that say which versions of tools the person uses, and hold nothing else. */
const versionFiles = ['.tool-versions'];

/** What there is of the toolchains of a person, as data. All paths absolute. */
export interface FoundToolchains {
  /** Variables with a folder of the person; one that they have set themselves is taken as it is. */
  shared: Record<string, string>;
  /** Variables that get a private folder, with the parts of the person's folder that are linked into it. */
  private: Record<string, { part: string; target: string }[]>;
  /** Files that are copied into the home. */
  files: { name: string; from: string }[];
}

/** Tells whether something stands at an absolute path. */
export type IsThere = (path: string) => Promise<boolean>;

type Env = Readonly<Record<string, string>>;

const found = new WeakMap<Env, Promise<FoundToolchains>>();

/** Looks each folder of the table up, once for an environment. No program is started. */
export function findToolchains(env: Env, isThere: IsThere = standsAt): Promise<FoundToolchains> {
  const known = found.get(env);
  if (known !== undefined) return known;
  const looking = look(env, isThere);
  found.set(env, looking);
  return looking;
}

/** What a person has set of these variables: for commands that run with the home of the person. */
export function setByPerson(env: Env): Record<string, string> {
  return Object.fromEntries(
    toolchains.flatMap(({ variable }) => {
      const value = env[variable];
      return value === undefined || value === '' ? [] : [[variable, value]];
    }),
  );
}

async function look(env: Env, isThere: IsThere): Promise<FoundToolchains> {
  const result: FoundToolchains = { shared: {}, private: {}, files: [] };
  const rows = await Promise.all(
    toolchains.map(async (row) => ({ ...row, folder: await folderOf(row, env, isThere) })),
  );
  for (const { variable, folder, holds, parts } of rows) {
    if (parts === undefined && folder !== null) result.shared[variable] = folder;
    else if (holds === 'downloads') {
      const linked = (parts ?? []).map((part) => ({ part, target: join(folder ?? '', part) }));
      const there = await Promise.all(linked.map(({ target }) => folder !== null && isThere(target)));
      result.private[variable] = linked.filter((_, index) => there[index]);
    }
  }
  const home = env['HOME'];
  for (const name of home === undefined ? [] : versionFiles) {
    const from = join(home ?? '', name);
    if (await isThere(from)) result.files.push({ name, from });
  }
  return result;
}

/** The folder of the person: as they have set it, else the usual one where it is there. */
async function folderOf(
  { variable, folders }: Toolchain,
  env: Env,
  isThere: IsThere,
): Promise<string | null> {
  const set = env[variable];
  if (set !== undefined && set !== '') return set;
  for (const folder of folders) {
    const path = inHome(folder, env);
    if (path !== null && (await isThere(path))) return path;
  }
  return null;
}

const xdgFolders = [
  ['.cache/', 'XDG_CACHE_HOME'],
  ['.config/', 'XDG_CONFIG_HOME'],
  ['.local/share/', 'XDG_DATA_HOME'],
] as const;

/** Folders of the XDG specification stand where the person has put them. */
function inHome(folder: string, env: Env): string | null {
  for (const [start, variable] of xdgFolders) {
    const base = env[variable];
    if (folder.startsWith(start) && base !== undefined && isAbsolute(base))
      return join(base, folder.slice(start.length));
  }
  const home = env['HOME'];
  return home === undefined || !isAbsolute(home) ? null : join(home, folder);
}

async function standsAt(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
