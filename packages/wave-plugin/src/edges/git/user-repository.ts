import { join } from 'node:path';
import { type Result, ok } from '@nx-wave/schemas/plain';
import type { MachineFacts } from '../../core/views/health';
import { lstatReachable } from '../files/stat';
import type { Repository } from './contracts';
import { type HostEnv, runGit, userGitEnv } from './run-git';

/** Questions to the user's repository that change nothing. git's answers 1 and 128 are answers: no. */
function asker(repo: Repository, env: HostEnv) {
  return async (...args: string[]) => {
    const answer = await runGit(args, { cwd: repo.topLevel, env: userGitEnv(env), answers: [0, 1, 128] });
    return answer.ok ? { yes: answer.value.code === 0, text: answer.value.stdout.toString() } : null;
  };
}

/** What a run has to know about the working tree that it starts from. What git does not tell counts as absent. */
export async function readWorktree(
  repo: Repository,
  env: HostEnv,
): Promise<NonNullable<MachineFacts['worktree']>> {
  const ask = asker(repo, env);
  const read = async (...args: string[]) => (await ask(...args))?.text ?? '';
  const lines = (text: string) => text.split('\0').filter((line) => line !== '');
  const unmerged = lines(await read('ls-files', '--unmerged', '-z')).map((line) => line.split('\t')[1]);
  return {
    linked: repo.gitDir !== repo.commonDir,
    shallow: (await read('rev-parse', '--is-shallow-repository')).trim() === 'true',
    partial: (await read('config', '--get-regexp', '^remote\\..*\\.promisor$')).includes('true'),
    sparse: (await read('config', '--type=bool', '--get', 'core.sparseCheckout')).trim() === 'true',
    submodules: (await lstatReachable(join(repo.topLevel, '.gitmodules'))) !== null,
    unmerged: new Set(unmerged).size,
    changed: lines(await read('status', '--porcelain', '-z', '--no-renames')).length,
  };
}

/** Whether git ignores what would be written into a workspace-relative folder. */
export async function isIgnored(repo: Repository, env: HostEnv, folder: string): Promise<boolean> {
  const path = `${repo.prefix}${folder}/probe.json`;
  return (await asker(repo, env)('check-ignore', '--quiet', '--', path))?.yes ?? false;
}

/** The trees between which a branch has changed since it left the checked-out commit; null when it shares no history with it. */
export async function branchTrees(
  repo: Repository,
  env: HostEnv,
  name: string,
): Promise<{ from: string; to: string } | null> {
  const ask = asker(repo, env);
  const read = async (...args: string[]) => {
    const answer = await ask(...args);
    return answer?.yes ? answer.text.trim() : null;
  };
  const commit = await read('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  const fork = commit === null ? null : await read('merge-base', 'HEAD', commit);
  const [from, to] = await Promise.all([
    fork === null ? null : read('rev-parse', `${fork}^{tree}`),
    commit === null ? null : read('rev-parse', `${commit}^{tree}`),
  ]);
  return from === null || to === null ? null : { from, to };
}

/** Applies a patch to a private checkout. Gives why it does not apply, in git's words, or null. `env`: the whole environment. */
export async function applyPatch(
  folder: string,
  env: Record<string, string>,
  patch: Uint8Array,
): Promise<Result<string | null>> {
  const args = ['apply', '--whitespace=nowarn', '-'];
  const applied = await runGit(args, { cwd: folder, env, input: patch, answers: [0, 1, 128] });
  if (!applied.ok) return applied;
  const { code, stderr } = applied.value;
  return ok(code === 0 ? null : (stderr.trim().split('\n')[0] ?? ''));
}
