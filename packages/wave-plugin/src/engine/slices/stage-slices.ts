import { err, failure, ok, stages, type Result, type Stage } from '@nx-wave/schemas/plain';
import { dependencySlices } from './dependency-slices';
import { makeAnew } from './gate-files';
import type { Session } from '../session/session';
import { readSlices, type Slice } from './slices';

/**
 * The cumulative slices of a stage: of other waves, as those have closed now, then of every unit up to the stage, in wave
 * order. Each is the one that was judged, and none is missing. Nothing speaks for the slices of other waves that a gate
 * carried on, so they are read anew.
 */
export async function readStageSlices(session: Session, stage: Stage): Promise<Result<Slice[]>> {
  const found = await readSlices(session, stage);
  if (!found.ok) return found;
  const dependencies = await dependencySlices(session);
  if (!dependencies.ok) return dependencies;
  const units = session.wave.agents.filter((unit) => stages.indexOf(unit.stage) <= stages.indexOf(stage));
  const own = units.map(({ unitId }) => found.value.find(({ sliceId }) => sliceId === unitId));
  const lost = own.indexOf(undefined);
  if (lost < 0) return ok([...dependencies.value, ...own.filter((slice) => slice !== undefined)]);
  const { project } = session.wave.identity;
  const agentId = units[lost]?.unitId ?? '';
  return err(
    failure('proof-altered', `The slice of ${agentId} that gate-${stage} judged is not there.`, {
      place: { wave: project, agentId, path: session.paths.gateDir(stage) },
      next: makeAnew(session, `gate-${stage}`),
    }),
  );
}
