import { canonicalJson, err, failure, ok, type Result, type Stage } from '@nx-wave/schemas/plain';
import { readHandoff, readVerdict } from './agent-inputs';
import type { Session } from './session';
import { findProof, readSlices, sliceOf, type Slice } from './slices';

/**
 * The cumulative slices of a stage, each held against the verdict beside it and, where it is on this machine, against the
 * bundle that proves it. Both lists come out of a cache: what later agents build on and what lands is what was judged.
 */
export async function readStageSlices(session: Session, stage: Stage): Promise<Result<Slice[]>> {
  const slices = await readSlices(session, stage);
  if (!slices.ok) return slices;
  const verdict = await readVerdict(session, stage);
  if (!verdict.ok) return verdict;
  const judged = new Map(verdict.value.agents.map(({ agentId, resultDigest }) => [agentId, resultDigest]));
  for (const slice of slices.value) {
    if (!session.wave.agents.some(({ unitId }) => unitId === slice.sliceId)) continue;
    if (judged.get(slice.sliceId) !== slice.resultDigest) return err(altered(session, stage, slice));
    const handoff = await readHandoff(session, slice.sliceId);
    if (!handoff.ok || handoff.value.resultDigest !== slice.resultDigest) continue;
    const proof = await findProof(session, handoff.value);
    if (proof.ok && content(sliceOf(proof.value)) !== content(slice))
      return err(altered(session, stage, slice));
  }
  return ok(slices.value);
}

const content = ({ changes, artifacts }: Slice): string => canonicalJson({ changes, artifacts });

function altered(session: Session, stage: Stage, { sliceId }: Slice) {
  const { project } = session.wave.identity;
  return failure(
    'bundle-mismatch',
    `The slice of ${sliceId} that gate-${stage} of ${project} left is not the one that was judged.`,
    {
      place: { wave: project, agentId: sliceId, path: session.paths.gateDir(stage) },
      next: `nx run ${project}:gate-${stage} --skip-nx-cache`,
    },
  );
}
