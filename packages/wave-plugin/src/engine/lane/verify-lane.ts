import { closureSchema } from '@nx-wave/schemas';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { parseJson } from '../../core/parse-json';
import { readText } from '../../edges/files/read-file';
import type { Edges } from '../session/edges';
import { openSession, type Session } from '../session/session';
import { signersAsk, type SignersOptions } from '../wave/verify-signed';
import { verifyWave, type VerifyReport } from '../wave/verify-wave';
import type { LaneRequest } from './lane';

/** What was seen of each closed wave, and what kept others from being looked at. */
export interface LaneVerification {
  waves: VerifyReport[];
  failures: Failure[];
}

/**
 * Checks the closed waves of a lane, or the one that is asked for; nothing is run that is paid. Where nothing is closed, or
 * what was asked for is not, that is a failure: nothing was verified. Codes: closure-missing, wave-unknown, those of waves.
 */
export async function verifyLane(
  lane: LaneRequest,
  edges: Edges,
  options: SignersOptions & { wave?: string },
): Promise<LaneVerification> {
  const found: LaneVerification = { waves: [], failures: [] };
  let isKnown = options.wave === undefined;
  for (const wavePath of lane.waves) {
    const asked = { workspaceRoot: lane.workspaceRoot, wavePath, include: lane.include };
    const opened = await openSession(asked, edges);
    if (!opened.ok) {
      found.failures.push(...opened.error);
      continue;
    }
    const session = opened.value;
    if (options.wave !== undefined && session.wave.identity.project !== options.wave) continue;
    isKnown = true;
    if (!(await isClosed(session))) continue;
    found.waves.push(await verifyWave(session, { replay: false, signers: signersAsk(session, options) }));
  }
  if (!isKnown) found.failures.push(unknownWave(lane, options.wave ?? ''));
  else if (found.waves.length === 0 && found.failures.length === 0)
    found.failures.push(nothingClosed(lane, options.wave));
  return found;
}

async function isClosed(session: Session): Promise<boolean> {
  const record = closureSchema.safeParse(parseJson(await readText(session.at(session.paths.closure))));
  return record.success && record.data.state === 'closed';
}

function unknownWave(lane: LaneRequest, wave: string): Failure {
  return failure('wave-unknown', `The lane ${lane.lane} has no wave ${JSON.stringify(wave)}.`, {
    next: `nx run ${lane.project}:status`,
  });
}

function nothingClosed(lane: LaneRequest, wave: string | undefined): Failure {
  const who = wave ?? `No wave of the lane ${lane.lane}`;
  return failure(
    'closure-missing',
    `${who} ${wave === undefined ? 'is' : 'is not'} closed: nothing was verified.`,
    {
      next: `nx run ${wave ?? '<wave>'}:launch`,
    },
  );
}
