import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { isOwned } from '../../core/verify/owned-paths';
import type { SliceObjects } from '../../edges/git/slice-objects';
import { applyPatch, branchTrees } from '../../edges/git/user-repository';
import { readBytes } from '../../edges/files/read-file';
import { checkoutEnvironment } from '../../edges/git/proof-environment';
import { agentEnvironment } from '../../edges/processes/environment';
import { grantedPaths } from './agent-prompt';
import type { Session } from '../session/session';
import { prepareCheckout } from './prepare-checkout';

/** Where a person's change is taken from. */
export type ChangeSource =
  { kind: 'tree' } | { kind: 'branch'; name: string } | { kind: 'patch'; path: string };

/** A person's change with all that is needed to apply it. */
export interface PersonChange extends SliceObjects {
  patch: Uint8Array;
}

/** Whose slice a change is to become, and a private folder for its objects. */
export interface Adopter {
  session: Session;
  agent: ResolvedAgent;
  into: string;
}

/** Reads the change that a person offers; nothing of the user's repository is changed. */
export async function readPersonChange(
  adopter: Adopter,
  source: ChangeSource,
): Promise<Result<PersonChange>> {
  if (source.kind === 'patch') return readPatchFile(adopter, source.path);
  if (source.kind === 'branch') return readBranch(adopter, source.name);
  return readTree(adopter);
}

/** What differs from the last commit in the paths that the agent owns; other edits are left alone. */
async function readTree({ session, agent, into }: Adopter): Promise<Result<PersonChange>> {
  const { edges, repo } = session;
  const head = await edges.git.snapshot(repo, { mode: 'head', into: join(into, 'head') });
  if (!head.ok) return head;
  const work = await edges.git.snapshot(repo, { mode: 'worktree', into: join(into, 'work') });
  if (!work.ok) return work;
  const all = await edges.git.diffTrees(repo, work.value.objectDir, {
    from: head.value.tree,
    to: work.value.tree,
  });
  if (!all.ok) return all;
  const owned = [...agent.ownedPaths, ...grantedPaths(session, agent)];
  const changes = all.value.changes.filter(({ path }) => isOwned(owned, path));
  if (changes.length === 0) return ok({ changes, packFile: null, patch: new Uint8Array() });
  const packFile = join(into, 'work.pack');
  const packed = await edges.git.packObjects(repo, work.value.objectDir, { changes, packFile });
  if (!packed.ok) return packed;
  // Merged alone onto the last commit, so that the patch for people shows these paths and no other.
  const slice = { sliceId: agent.unitId, changes, packFile };
  const merged = await edges.git.mergeSlices(repo, {
    base: head.value,
    slices: [slice],
    into: join(into, 'merged'),
  });
  if (!merged.ok) return merged;
  if (!merged.value.ok)
    return err(failure('merge-conflict', `${merged.value.conflict.paths.join(', ')} cannot be taken apart.`));
  const own = await edges.git.diffTrees(repo, merged.value.objectDir, {
    from: head.value.tree,
    to: merged.value.tree,
  });
  return own.ok ? ok({ changes: own.value.changes, packFile, patch: own.value.patch }) : own;
}

/** Everything that a branch changes since it left the checked-out commit. */
async function readBranch({ session, into }: Adopter, name: string): Promise<Result<PersonChange>> {
  const { edges, repo } = session;
  const trees = await branchTrees(repo, edges.env, name);
  if (trees === null) {
    return err(
      failure('option-invalid', `${JSON.stringify(name)} is no branch that shares history with this one.`, {
        next: 'git branch --all lists the names.',
      }),
    );
  }
  const head = await edges.git.snapshot(repo, { mode: 'head', into: join(into, 'head') });
  if (!head.ok) return head;
  const diff = await edges.git.diffTrees(repo, head.value.objectDir, { from: trees.from, to: trees.to });
  if (!diff.ok) return diff;
  const { changes, patch } = diff.value;
  if (changes.length === 0) return ok({ changes, packFile: null, patch });
  const packFile = join(into, 'branch.pack');
  const packed = await edges.git.packObjects(repo, head.value.objectDir, { changes, packFile });
  return packed.ok ? ok({ changes, packFile, patch }) : packed;
}

/** A patch file, applied in a private checkout on the base that the agent itself would get. */
async function readPatchFile({ session, agent, into }: Adopter, path: string): Promise<Result<PersonChange>> {
  const { edges } = session;
  const bytes = await readBytes(path);
  if (bytes === null)
    return err(
      failure('option-invalid', `${path} is not there.`, { next: 'Name a patch file with --patch.' }),
    );
  const opened = await prepareCheckout({ session, agent, marker: randomUUID() }, null);
  if (!opened.ok) return opened;
  const { checkout } = opened.value;
  try {
    const set = checkoutEnvironment(checkout, 'adopt');
    const env = agentEnvironment(session.programEnv, { allow: [], adapterNames: [], set });
    const refused = await applyPatch(checkout.workspaceDir, env, bytes);
    if (!refused.ok) return refused;
    if (refused.value !== null) {
      return err(
        failure('merge-conflict', `${path} does not apply: ${refused.value}`, {
          next: 'Make the patch again on the checked-out commit: git diff > FILE',
        }),
      );
    }
    const packFile = join(into, 'patch.pack');
    const collected = await edges.git.collect(checkout, { artifactPaths: [], packFile });
    if (!collected.ok) return collected;
    const { changes, patch } = collected.value;
    return ok({ changes, patch, packFile: changes.length === 0 ? null : packFile });
  } finally {
    await opened.value.close();
  }
}
