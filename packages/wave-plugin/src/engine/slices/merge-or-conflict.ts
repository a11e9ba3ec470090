import type { GateReason } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { mergeGateId } from '../../core/state/merge-reason';
import { changesLinks, findMergedEscapes } from '../../core/verify/merged-links';
import { toWorkspacePath } from '../../edges/git/paths';
import type { Session } from '../session/session';
import { mergedBase, type Base, type Merge } from './base';
import type { Slice } from './slices';

/** Agents of one stage may share a folder of artifacts, but no file of it: there is nothing to merge two of them by. */
function artifactConflict(session: Session, slices: Slice[]): GateReason | null {
  const stageOf = new Map(session.wave.agents.map(({ unitId, stage }) => [unitId, stage]));
  const first = new Map<string, { sliceId: string; sha256: string }>();
  for (const { sliceId, artifacts } of slices)
    for (const { path, sha256 } of artifacts) {
      const key = JSON.stringify([stageOf.get(sliceId) ?? sliceId, path]);
      const other = first.get(key);
      if (other === undefined) first.set(key, { sliceId, sha256 });
      else if (other.sha256 !== sha256)
        return {
          gate: mergeGateId,
          code: 'merge-conflict',
          detail: `${other.sliceId} and ${sliceId} have both left an artifact at ${path}, and not the same one.`,
          agentIds: [other.sliceId, sliceId].sort(),
          paths: [path],
          command: null,
          repair: 'rerun',
        };
    }
  return null;
}

/**
 * No path of the result may resolve outside the repository. Each slice was judged alone: here its links meet those of
 * other slices and of the base.
 */
async function linkEscape(session: Session, base: Base, slices: Slice[]): Promise<Result<GateReason | null>> {
  if (!slices.some(changesLinks)) return ok(null);
  const { repo } = session;
  const links = await session.edges.git.linksAt(repo, base);
  if (!links.ok) return links;
  const escapes = findMergedEscapes(
    links.value,
    slices.map(({ sliceId, changes }) => ({
      sliceId,
      changes: changes.map((change) => ({ ...change, path: `${repo.prefix}${change.path}` })),
    })),
  );
  if (escapes.length === 0) return ok(null);
  const told = escapes.map(
    ({ path, target, sliceIds }) =>
      `${JSON.stringify(path)} -> ${JSON.stringify(target)} (${sliceIds.join(' and ')})`,
  );
  return ok({
    gate: mergeGateId,
    code: 'symlink-escape',
    detail: `On the merged tree these symbolic links lead out of the repository, although no slice does so alone: ${told.join(', ')}. Let an agent that is named replace its link by a file, or by a target inside.`,
    agentIds: [...new Set(escapes.flatMap(({ sliceIds }) => sliceIds))].sort(),
    paths: escapes.map(({ path }) => toWorkspacePath(repo.prefix, path)),
    command: null,
    repair: 'rerun',
  });
}

/** Merging as a finding: `merge-conflict` names both slices and the paths, `symlink-escape` the links and their slices. */
export async function mergeOrConflict(
  session: Session,
  merge: Merge,
): Promise<Result<{ base: Base } | { conflict: GateReason }>> {
  const artifact = artifactConflict(session, merge.slices);
  if (artifact !== null) return ok({ conflict: artifact });
  const base = await mergedBase(session, merge);
  if (base.ok) {
    const escape = await linkEscape(session, base.value, merge.slices);
    if (!escape.ok) return escape;
    return ok(escape.value === null ? { base: base.value } : { conflict: escape.value });
  }
  if (base.error.code !== 'merge-conflict') return base;
  const facts = base.error.facts as { sliceId: string; againstIds: string[]; paths: string[] };
  return ok({
    conflict: {
      gate: mergeGateId,
      code: 'merge-conflict',
      detail: base.error.message,
      agentIds: [facts.sliceId, ...facts.againstIds].sort(),
      paths: facts.paths,
      command: null,
      repair: 'rerun',
    },
  });
}
