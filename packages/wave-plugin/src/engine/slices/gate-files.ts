import { handoffSchema, verdictSchema, type Handoff, type Stage, type Verdict } from '@nx-wave/schemas';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { readText } from '../../edges/files/read-file';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';
import { targetOfUnit } from '../../core/resolve/units';

export const ifItComesBack =
  '(if the next launch says this again, the cache of Nx is damaged: nx reset --only-cache)';

/**
 * The next step where what a task has left is not whole. The task itself makes it anew, and pays nobody; an entry of Nx's own
 * cache that is damaged comes back with every launch until it is cleared.
 */
export function makeAnew({ wave }: Session, target: string): string {
  const { project } = wave.identity;
  return `nx run ${project}:${target} --skip-nx-cache ${ifItComesBack}`;
}

/** The verdict of a stage as its gate left it; one that did not pass is an answer only with `failed`. */
export async function readVerdict(
  session: Session,
  stage: Stage,
  accept: { failed: boolean } = { failed: false },
): Promise<Result<Verdict>> {
  const path = session.paths.verdict(stage);
  const parsed = verdictSchema.safeParse(parseJson(await readText(session.at(path))));
  const { project } = session.wave.identity;
  const next = `nx run ${project}:gate-${stage}`;
  if (!parsed.success) {
    return err(
      failure('verdict-missing', `The verdict of the ${stage} stage is not at ${path}.`, {
        place: { wave: project, path },
        next: makeAnew(session, `gate-${stage}`),
      }),
    );
  }
  if (!parsed.data.ok && !accept.failed) {
    return err(
      failure('gate-failed', `The ${stage} stage has not passed its gate.`, {
        place: { wave: project, path },
        next,
      }),
    );
  }
  return ok(parsed.data);
}

/** The handoff of a proven agent of this wave. */
export async function readHandoff(session: Session, unitId: string): Promise<Result<Handoff>> {
  const path = session.paths.handoff(unitId);
  const text = await readText(session.at(path));
  const parsed = handoffSchema.safeParse(parseJson(text));
  if (parsed.success && parsed.data.agentId === unitId) return ok(parsed.data);
  const agent = session.wave.agents.find((one) => one.unitId === unitId);
  return err(
    failure(
      'handoff-missing',
      `Agent ${unitId} has left no handoff at ${path}${text === null ? '' : ' that can be read'}.`,
      {
        place: { wave: session.wave.identity.project, agentId: unitId, path },
        // Its task has ended well before this one.
        next: makeAnew(session, agent?.target ?? targetOfUnit(unitId)),
      },
    ),
  );
}
