import { verdictDigest } from '../../core/digest/verdict-digest';
import { join } from 'node:path';
import type { ControlPlaneEvent } from '@nx-wave/schemas';
import { type Failure } from '@nx-wave/schemas/plain';
import { parseEventLog } from '../../core/state/event-log';
import type { ClosureEvidence } from '../../core/state/judge-closure';
import { knownFailures } from '../../core/state/known-failures';
import { isLanded } from '../../core/state/ledger';
import type { AttemptRecord, BundleFacts, WaveEvidence } from '../../core/state/wave-evidence';
import { readText } from '../../edges/files/read-file';
import { isLeaseHeld } from '../../edges/lease/lease';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';
import { judgeWave, type JudgedWave } from '../stages/judge-wave';
import { readProve } from '../slices/prove-record';
import type { Session } from '../session/session';
import { readEnvelope, resultBundles } from '../slices/slices';
import { leaseFolder } from '../session/work-lease';

export interface SliceFailures {
  unitId: string;
  failures: Failure[];
}

/** What is stored of a wave, in the words of the two that judge it: the reducer and the closing. */
export interface GatheredWave {
  evidence: WaveEvidence;
  closure: ClosureEvidence;
  attempts: StoredAttempt[];
}

/** An attempt with its place and with what its own bundle observed. */
export interface StoredAttempt extends AttemptRecord {
  /** Absolute folder of the bundle. */
  folder: string;
  events: ControlPlaneEvent[];
}

/**
 * Everything stored that the state and the closing of a wave are judged by, read once. Every gate is judged in memory,
 * whether its task ever ran or not. `failures` are what the running task has just failed with.
 */
export async function gatherWave(session: Session, failures: SliceFailures[] = []): Promise<GatheredWave> {
  const { wave, ledger } = session;
  const landed = isLanded(ledger);
  const { events, attempts } = await readAttempts(session);
  // A landed wave rests on its ledger entry: its slices are in the tree, and no gate is asked.
  const judged: JudgedWave = landed
    ? { verdicts: [], workKeys: {}, advisories: [], bundles: [] }
    : await judgeWave(session);
  const { verdicts, workKeys, advisories, bundles } = judged;
  const last = verdicts.at(-1);
  const record = await readProve(session);
  const current =
    record !== null && last !== undefined && record.upstream === verdictDigest(last) ? record : null;
  const running = await runningUnits(session, workKeys, bundles);
  const prove = current && {
    ok: current.ok,
    tree: current.tree,
    reasons: current.reasons,
    ...(current.home === undefined ? {} : { home: current.home }),
    ...(current.heldOut === undefined ? {} : { heldOut: current.heldOut }),
  };
  const evidence = {
    wave,
    ledger,
    events,
    attempts,
    bundles,
    workKeys,
    verdicts,
    advisories,
    prove,
    running,
    failures,
  };
  return {
    evidence,
    attempts,
    closure: {
      wave,
      verdicts,
      prove,
      bundles,
      changes: current?.changes ?? [],
      patchSha256: current?.patchSha256 ?? null,
      failures: knownFailures(evidence),
      questions: questionsOf(failures),
      landed,
    },
  };
}

/** Whether what attempts have left is what a wave was judged by: tasks of other agents end while one is reporting. */
export async function isStillAllThereIs(session: Session, { evidence }: GatheredWave): Promise<boolean> {
  const { events, attempts } = await readAttempts(session);
  const known = new Set(evidence.attempts.map(({ proofDigest }) => proofDigest));
  return (
    events.length === evidence.events.length &&
    attempts.length === evidence.attempts.length &&
    attempts.every(({ proofDigest }) => known.has(proofDigest))
  );
}

/** Units without proof that a process works on right now, of this command or another. */
async function runningUnits(
  session: Session,
  workKeys: Readonly<Record<string, string>>,
  bundles: readonly BundleFacts[],
): Promise<string[]> {
  const running: string[] = [];
  for (const [unitId, workKey] of Object.entries(workKeys)) {
    if (bundles.some((bundle) => bundle.unitId === unitId && bundle.workKey === workKey)) continue;
    if (await isLeaseHeld(leaseFolder(session, workKey))) running.push(unitId);
  }
  return running;
}

/** Every attempt that is known here, and what was observed of it: by this machine's log and by the bundles themselves. */
async function readAttempts(
  session: Session,
): Promise<{ events: ControlPlaneEvent[]; attempts: StoredAttempt[] }> {
  const { wave, paths } = session;
  const log = parseEventLog((await readText(session.at(paths.controlPlane))) ?? '');
  const events = [...log.events];
  const attempts: StoredAttempt[] = [];
  for (const { unitId } of wave.agents) {
    const own: Bundle[] = await session.attempts.list(wave.identity.project, unitId);
    // What another machine ran stands below `results/`, where Nx restored it.
    const shown = (await resultBundles(session, unitId)).filter(
      ({ proofDigest }) => !own.some((one) => one.proofDigest === proofDigest),
    );
    for (const bundle of [...own, ...shown]) {
      const { manifest, proofDigest, folder } = bundle;
      const observed = parseEventLog((await readText(join(folder, bundleFiles.events))) ?? '').events;
      const envelope = await readEnvelope(bundle);
      attempts.push({ predicate: manifest.predicate, proofDigest, envelope, folder, events: observed });
      // One by one: a log may have more events than a call may have arguments.
      for (const event of observed) events.push(event);
    }
  }
  return { events, attempts };
}

/** Questions that failed slices wait on, as the failures name them. */
function questionsOf(failures: SliceFailures[]): ClosureEvidence['questions'] {
  return failures.flatMap(({ unitId, failures: found }) =>
    found
      .filter(({ code }) => code === 'question-unanswered')
      .map(({ message, facts }) => ({
        requestId: typeof facts?.['requestId'] === 'string' ? facts['requestId'] : unitId,
        agentId: unitId,
        summary: message,
      })),
  );
}
