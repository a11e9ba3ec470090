import { join, relative, sep } from 'node:path';
import type { ControlPlaneEvent } from '@nx-wave/schemas';
import {
  provingAttempt,
  type ReportedPatch,
  type ReportedReuse,
  type ReportInput,
} from '../../core/views/report/report-input';
import { readTextUpTo } from '../../edges/files/read-file';
import { bundleFiles } from '../../edges/store/bundle';
import type { Session } from '../session/session';
import { judgeStatus } from './read-status';
import { gatherWave, type SliceFailures, type StoredAttempt } from './wave-evidence';

/** So much of all patches is read for one report. Bytes. */
const allPatches = 40_000_000;

/** Everything that a report tells, as it is stored. `failures`: what the running task has just failed with. */
export async function readReport(
  session: Session,
  { longestPatch, failures: failed = [] }: { longestPatch: number; failures?: SliceFailures[] },
): Promise<ReportInput> {
  const gathered = await gatherWave(session, failed);
  const status = await judgeStatus(session, gathered);
  const { attempts, evidence } = gathered;
  const patches: ReportedPatch[] = [];
  const refused: ReportedPatch[] = [];
  let room = allPatches;
  const read = async (attempt: StoredAttempt): Promise<ReportedPatch> => {
    const patch = await readPatch(session, attempt, Math.min(longestPatch, room));
    room -= patch.text?.length ?? 0;
    return patch;
  };
  for (const { unitId, failures } of status.state.units) {
    const proving = provingAttempt({ closure: status.closure, attempts }, unitId);
    const shown = attempts.find(({ proofDigest }) => proofDigest === proving?.proofDigest);
    const last = failures.length === 0 ? undefined : refusedAttempt(attempts, unitId);
    if (shown) patches.push(await read(shown));
    else if (last) refused.push(await read(last));
  }
  const { wave } = session;
  const ledger = [...session.ledger, ...session.endedWaivers];
  return { ...status, wave, ledger, attempts, patches, refused, reuses: reusesIn(evidence.events) };
}

/** Each time that stored proof was served; the same event from log and bundle counts once. */
function reusesIn(events: readonly ControlPlaneEvent[]): ReportedReuse[] {
  const served = new Map<string, ReportedReuse>();
  for (const { type, agentId, at, data } of events) {
    const proofDigest = data['proofDigest'];
    if (type !== 'proof.reused' || agentId === null || typeof proofDigest !== 'string') continue;
    served.set([agentId, at, proofDigest].join(' '), { unitId: agentId, proofDigest, at });
  }
  return [...served.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The last attempt of a unit, where it was refused and had changed something. */
function refusedAttempt(attempts: readonly StoredAttempt[], unitId: string): StoredAttempt | undefined {
  const [last] = attempts
    .filter(({ predicate }) => predicate.agentId === unitId)
    .sort((a, b) => b.predicate.attempt - a.predicate.attempt);
  return last?.predicate.state === 'not_proven' && last.predicate.changes.length > 0 ? last : undefined;
}

async function readPatch(
  session: Session,
  { folder, predicate }: StoredAttempt,
  longestPatch: number,
): Promise<ReportedPatch> {
  const file = join(folder, bundleFiles.patch);
  const about = { unitId: predicate.agentId, path: shownPath(session, file) };
  const secrets = [...new Set((predicate.secrets ?? []).map(({ variable }) => variable))].sort();
  // With its values taken out it would be another patch than the one that is kept.
  if (secrets.length > 0) return { ...about, text: null, secrets };
  const text = await readTextUpTo(file, longestPatch);
  return { ...about, text: text?.trimEnd() ?? null };
}

/** Below the workspace as it is called there, below the git directory by its place in it: no machine path is written. */
function shownPath(session: Session, file: string): string {
  const inside = relative(session.workspaceRoot, file);
  if (!inside.startsWith('..')) return inside.split(sep).join('/');
  return `<git directory>/nx-wave/${relative(session.durableRoot, file).split(sep).join('/')}`;
}
