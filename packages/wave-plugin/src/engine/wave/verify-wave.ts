import { verdictDigest } from '../../core/digest/verdict-digest';
import { closureSchema, verdictSchema, type Verdict } from '@nx-wave/schemas';
import { canonicalJson, sha256, type Failure } from '@nx-wave/schemas/plain';
import { presentStages } from '../../core/wave-order';
import { isLanded, standingLanding } from '../../core/state/ledger';
import { judgedAgent } from '../../core/state/make-verdict';
import { readBytes, readText } from '../../edges/files/read-file';
import { makeAnew, readHandoff } from '../slices/gate-files';
import { judgeFromFiles } from '../stages/run-gate';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';
import { findProof } from '../slices/slices';
import { verifySigned, type SignedReport, type SignersAsk } from './verify-signed';
import { altered, checkBundles, type BundlePlace } from './verify-bundles';

export interface VerifyReport {
  schemaVersion: 1;
  wave: string;
  /** Intact bundles by where they stand. */
  intact: Record<BundlePlace, number>;
  verdicts: { stage: string; state: 'chained' | 'replayed' | 'absent' }[];
  /** Where somebody asked whose signatures count: what the check of the signed closing saw. */
  signed?: Omit<SignedReport, 'failures'>;
  failures: Failure[];
}

/**
 * Checks everything that the wave rests on against itself: bundles against their manifests, handoffs against bundles,
 * verdicts against handoffs and each other, the closure record against all. `replay` derives every verdict anew and
 * compares bytes; a merged tree that was never proved here is then proved, which costs no tokens. `signers` also holds the
 * closing against the signatures of those that a commit names.
 */
export async function verifyWave(
  session: Session,
  options: { replay: boolean; signers?: SignersAsk | undefined },
): Promise<VerifyReport> {
  const bundles = await checkBundles(session);
  const failures = bundles.flatMap((one) => one.failures);
  const intact: VerifyReport['intact'] = { store: 0, attempts: 0, shown: 0 };
  for (const { place, failures: found } of bundles) if (found.length === 0) intact[place] += 1;
  failures.push(...(await checkHandoffs(session)));
  const chain = await checkVerdicts(session);
  failures.push(...chain.failures);
  const verdicts: VerifyReport['verdicts'] = [];
  for (const stage of presentStages(session.wave)) {
    const stored = chain.verdicts.find((one) => one.stage === stage);
    if (stored === undefined) verdicts.push({ stage, state: 'absent' });
    else if (!options.replay || isLanded(session.ledger)) verdicts.push({ stage, state: 'chained' });
    else {
      const found = await replay(session, stored);
      verdicts.push({ stage, state: found.length === 0 ? 'replayed' : 'chained' });
      failures.push(...found);
    }
  }
  failures.push(...(await checkClosure(session, chain.verdicts)));
  const report = {
    schemaVersion: 1 as const,
    wave: session.wave.identity.project,
    intact,
    verdicts,
    failures,
  };
  if (options.signers === undefined) return report;
  const { failures: refused, ...signed } = await verifySigned(session, options.signers);
  return { ...report, signed, failures: [...failures, ...refused] };
}

/** Every handoff that is there follows from an intact bundle. */
async function checkHandoffs(session: Session): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const { unitId } of session.wave.agents) {
    if ((await readText(session.at(session.paths.handoff(unitId)))) === null) continue;
    const handoff = await readHandoff(session, unitId);
    const proof = handoff.ok ? await findProof(session, handoff.value) : handoff;
    if (!proof.ok) {
      failures.push({
        ...proof.error,
        place: { ...proof.error.place, agentId: unitId, path: session.paths.handoff(unitId) },
      });
    }
  }
  return failures;
}

/** Verdicts parse, chain, and hold exactly what the handoffs of their stage say. */
async function checkVerdicts(session: Session): Promise<{ verdicts: Verdict[]; failures: Failure[] }> {
  const failures: Failure[] = [];
  const verdicts: Verdict[] = [];
  for (const stage of presentStages(session.wave)) {
    const path = session.paths.verdict(stage);
    const text = await readText(session.at(path));
    if (text === null) break;
    const again = makeAnew(session, `gate-${stage}`);
    const parsed = verdictSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      failures.push(altered(session, path, { why: 'it is no verdict', next: again }));
      break;
    }
    const before = verdicts.at(-1);
    if (parsed.data.upstream !== (before === undefined ? null : verdictDigest(before)))
      failures.push(
        altered(session, path, {
          why: 'it was given on another verdict than the one before it',
          next: again,
        }),
      );
    for (const agent of session.wave.agents.filter((one) => one.stage === stage)) {
      const handoff = await readHandoff(session, agent.unitId);
      const judged = parsed.data.agents.find((one) => one.agentId === agent.unitId && one.stage === stage);
      const same =
        handoff.ok &&
        judged !== undefined &&
        canonicalJson(judged) === canonicalJson(judgedAgent(handoff.value));
      if (!same)
        failures.push(
          altered(session, path, { why: `it does not hold what ${agent.unitId} handed on`, next: again }),
        );
    }
    verdicts.push(parsed.data);
  }
  return { verdicts, failures };
}

async function replay(session: Session, stored: Verdict): Promise<Failure[]> {
  const path = session.paths.verdict(stored.stage);
  const judged = await judgeFromFiles(session, stored.stage);
  if (!judged.ok) return judged.error;
  const bytes = await readText(session.at(path));
  if (`${canonicalJson(judged.value)}\n` === bytes) return [];
  const again = makeAnew(session, `gate-${stored.stage}`);
  return [
    altered(session, path, {
      why: 'judged again from the stored handoffs it reads differently',
      next: again,
    }),
  ];
}

/** The closure record names the verdicts that are there and the patch that is there. */
async function checkClosure(session: Session, verdicts: readonly Verdict[]): Promise<Failure[]> {
  const { closure: path, closurePatch } = session.paths;
  const text = await readText(session.at(path));
  if (text === null || standingLanding(session.ledger) !== null) return [];
  const again = makeAnew(session, 'launch');
  const parsed = closureSchema.safeParse(parseJson(text));
  if (!parsed.success) return [altered(session, path, { why: 'it is no closure record', next: again })];
  if (parsed.data.state !== 'closed') return [];
  const failures: Failure[] = [];
  const digests = verdicts.map(verdictDigest);
  if (canonicalJson(parsed.data.verdicts.map(({ digest }) => digest)) !== canonicalJson(digests))
    failures.push(
      altered(session, path, {
        why: 'it was closed on other verdicts than those that are there',
        next: again,
      }),
    );
  const patch = await readBytes(session.at(closurePatch));
  if (parsed.data.patchSha256 !== null && (patch === null || sha256(patch) !== parsed.data.patchSha256))
    failures.push(
      altered(session, closurePatch, {
        why: 'it is not the patch that the closure record names',
        next: again,
      }),
    );
  return failures;
}
