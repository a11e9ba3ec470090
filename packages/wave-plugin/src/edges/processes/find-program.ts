import { constants } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { access, readdir, stat } from '../files/at-once';
import { cleanPath } from './environment';
import { findToolchains } from './toolchains';

/** Where a program is looked for. */
export interface ProgramSearch {
  env: Readonly<Record<string, string>>;
  /** Folders in front of the PATH of `env`, absolute: package binaries of the workspace. */
  before: readonly string[];
}

const asked = new WeakMap<ProgramSearch['env'], Map<string, Promise<string | null>>>();

/**
 * Why proof commands cannot start a program, or null where they can as far as files tell: nothing is started. Each program
 * is looked up once for an environment.
 */
export function whyNotStartable(program: string, search: ProgramSearch): Promise<string | null> {
  const known = asked.get(search.env) ?? new Map<string, Promise<string | null>>();
  asked.set(search.env, known);
  const key = JSON.stringify([program, ...search.before]);
  const looking = known.get(key) ?? look(program, search);
  known.set(key, looking);
  return looking;
}

async function look(program: string, { env, before }: ProgramSearch): Promise<string | null> {
  if (isAbsolute(program))
    return (await isProgram(program)) ? null : `${program} is not there, or cannot be executed`;
  const shims: string[] = [];
  for (const folder of [...before, ...cleanPath(env['PATH'] ?? '')]) {
    const path = join(folder, program);
    if (!(await isProgram(path))) continue;
    const why = await whyShimFails(path, env);
    if (why === null) return null;
    shims.push(why);
  }
  return shims[0] ?? `\`${program}\` is not on the PATH that proof commands get`;
}

/** Managers whose shims find a program below one folder: `<root>/shims/x` for `<root>/versions/<version>/bin/x`. */
const managers = [
  ['GOENV_ROOT', 'goenv'],
  ['NODENV_ROOT', 'nodenv'],
  ['PHPENV_ROOT', 'phpenv'],
  ['PYENV_ROOT', 'pyenv'],
  ['RBENV_ROOT', 'rbenv'],
] as const;

/** Programs that rustup stands in for. */
const rustPrograms =
  /^(cargo|cargo-(clippy|fmt|miri)|clippy-driver|rls|rust-(analyzer|gdb|gdbgui|lldb)|rustc|rustdoc|rustfmt)$/;

/** A shim that has nothing to start. Which version counts is for the shim to say: one that has the program is enough. */
async function whyShimFails(path: string, env: ProgramSearch['env']): Promise<string | null> {
  const { shared } = await findToolchains(env);
  const [folder, name] = [dirname(path), basename(path)];
  for (const [variable, manager] of managers) {
    const root = shared[variable];
    if (root === undefined || folder !== join(root, 'shims')) continue;
    return whyNoneHas(name, { path, manager, versions: join(root, 'versions') });
  }
  if (!rustPrograms.test(name) || !(await isProgram(join(folder, 'rustup')))) return null;
  const root = shared['RUSTUP_HOME'];
  if (root === undefined) return `${path} is a shim of rustup, which is told no RUSTUP_HOME that is there`;
  return whyNoneHas(name, { path, manager: 'rustup', versions: join(root, 'toolchains') });
}

async function whyNoneHas(
  name: string,
  { path, manager, versions }: { path: string; manager: string; versions: string },
): Promise<string | null> {
  for (const version of (await readdir(versions).catch(() => [])).sort())
    if (await isProgram(join(versions, version, 'bin', name))) return null;
  return `${path} is a shim of ${manager}, and nothing in ${versions} has \`${name}\``;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
