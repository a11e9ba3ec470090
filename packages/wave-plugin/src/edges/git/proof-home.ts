import { constants } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { findToolchains, setByPerson, type FoundToolchains } from '../processes/toolchains';
import { lstat, mkdir, symlink, writeFile } from '../files/at-once';
import { copyFile } from '../files/copy-folder';
import { writeAgentGlobalConfig } from './agent-git-dir';
import type { Checkout } from './contracts';
import { guardIo } from './io-failure';
import { removeAll } from './scan-tree';

/** Whose home proof and setup commands work with. */
export interface ProofHomePolicy {
  home: 'private' | 'user';
  /** The environment of the person. */
  env: Readonly<Record<string, string>>;
}

/** The home of the commands that run on one tree, with the variables that name it and the toolchains. */
export interface ProofHome {
  variables: Readonly<Record<string, string>>;
  /**
   * For proof commands: makes it as it was before the first of them, empty or as setup commands left it. Toolchains stay, as ignored
   * files do: one command may fetch what the next one runs. Codes: checkout-failed, disk-full, state-unwritable.
   */
  renew(): Promise<Result<void>>;
}

/** Everything of the home of a checkout; it goes when the tree is cleaned. */
export const proofFolder = ({ home }: Pick<Checkout, 'home'>): string => join(home, 'proof');

const identity = '[user]\n\tname = wave\n\temail = wave@localhost\n[init]\n\tdefaultBranch = main\n';

/** Opens the home of a checkout. `setup`: for commands whose traces in it are there for the proof commands. */
export function openProofHome(
  checkout: Checkout,
  policy: ProofHomePolicy,
  { setup }: { setup: boolean },
): Promise<Result<ProofHome>> {
  return guarded(async () => {
    const folder = proofFolder(checkout);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (policy.home === 'user') return ok(await usersHome(folder, policy.env));
    const found = await findToolchains(policy.env);
    const home = join(folder, 'home');
    // As the first proof command found it.
    const kept = join(folder, 'first-home');
    const own = await layToolchains(join(folder, 'toolchains'), found);
    if (!(await isThere(home))) await fill(home, found);
    if (!setup && !(await isThere(kept))) await copyAll(home, kept);
    const renew = () =>
      guarded(async () => {
        await removeAll(home);
        await copyAll(kept, home);
        return ok(undefined);
      });
    return ok({ variables: { ...found.shared, ...own, HOME: home }, renew });
  });
}

/** Private folders of toolchains that setup commands have made, by their variables: an agent finds what was fetched. */
export async function privateToolchains(
  checkout: Checkout,
  { home, env }: ProofHomePolicy,
): Promise<Record<string, string>> {
  const folder = join(proofFolder(checkout), 'toolchains');
  if (home === 'user' || !(await isThere(folder))) return {};
  const names = Object.keys((await findToolchains(env)).private);
  const made = await Promise.all(names.map((name) => isThere(join(folder, name))));
  return Object.fromEntries(
    names.filter((_, index) => made[index]).map((name) => [name, join(folder, name)]),
  );
}

/** `HOME` is in the environment already; settings of git that an agent has written are not read. */
async function usersHome(folder: string, env: ProofHomePolicy['env']): Promise<ProofHome> {
  const file = join(folder, 'gitconfig');
  await writeAgentGlobalConfig(env, file);
  const variables = { ...setByPerson(env), GIT_CONFIG_GLOBAL: file };
  return { variables, renew: () => Promise.resolve(ok(undefined)) };
}

async function fill(home: string, { files }: FoundToolchains): Promise<void> {
  await mkdir(home, { mode: 0o700 });
  await writeFile(join(home, '.gitconfig'), identity);
  // Copies: a command that writes them must not reach the person's.
  for (const { name, from } of files) await copyFile(from, join(home, name));
}

/** Folders come into being when a tool fills them; only one that has links is made before. */
async function layToolchains(folder: string, found: FoundToolchains): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [variable, links] of Object.entries(found.private)) {
    const own = (variables[variable] = join(folder, variable));
    if (await isThere(own)) continue;
    for (const { part, target } of links) {
      await mkdir(dirname(join(own, part)), { recursive: true });
      await symlink(target, join(own, part));
    }
  }
  return variables;
}

/** Sockets and pipes are left out: nobody listens any more. */
function copyAll(from: string, to: string): Promise<void> {
  const filter = async (path: string) => {
    const info = await lstat(path);
    return info.isFile() || info.isDirectory() || info.isSymbolicLink();
  };
  const mode = constants.COPYFILE_FICLONE;
  return cp(from, to, { recursive: true, verbatimSymlinks: true, mode, filter });
}

function guarded<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  return guardIo('checkout-failed', 'making the home of proof commands', work);
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
