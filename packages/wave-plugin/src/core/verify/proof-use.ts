import type { BundlePredicate, LedgerEntry } from '@nx-wave/schemas';
import type { WaveSettings } from '../model';
import { strengthCodes } from './check-strength';
import { isReleased } from './slice-waivers';

/** What is asked of stored work: the keys of today, and what a person or an earlier judgement has said against some of it. */
export interface ProofAsk {
  workKey: string;
  acceptanceKey: string;
  /** Digests of proofs that a person has revoked. */
  revoked: ReadonlySet<string>;
  trust: WaveSettings['trust'];
  /** Digests of work that these very rules have refused before: judging it again would say the same. */
  refused?: ReadonlySet<string>;
  /** Decisions of people: work that was refused for nothing but what they have waived since is judged again. */
  ledger?: readonly LedgerEntry[];
  /** The slice of a person that stands for the agent (`adoptionOf`), or null. */
  adopted: { resultDigest: string | null } | null;
}

/** A stored bundle, as far as its use depends on it. `foreign`: made elsewhere and not proved here. */
export interface StoredWork {
  proofDigest: string;
  manifest: {
    predicate: Pick<
      BundlePredicate,
      'state' | 'workKey' | 'acceptanceKey' | 'agentId' | 'resultDigest' | 'executor' | 'failures'
    >;
  };
  foreign?: boolean;
}

/**
 * What stored work is good for. `serve`: its proof holds as it stands. `verify`: it is judged again, and nobody is paid;
 * it was never judged, or by other rules, or elsewhere, or what it was refused for is waived, or was only the strength of
 * its proof, of which another one is asked now. `nothing`: it is other work,
 * was refused, was revoked, or is not the slice that a person has put in its place.
 */
export function useOf(
  { proofDigest, manifest, foreign }: StoredWork,
  ask: ProofAsk,
): 'serve' | 'verify' | 'nothing' {
  const { state, workKey, acceptanceKey } = manifest.predicate;
  if (workKey !== ask.workKey) return 'nothing';
  if (ask.revoked.has(proofDigest) || ask.refused?.has(proofDigest)) return 'nothing';
  if (!isWhatStands(manifest.predicate, ask.adopted)) return 'nothing';
  if (state === 'not_proven') {
    const isOpen = isReleased(manifest.predicate, ask.ledger ?? []) || isWeak(manifest.predicate, ask);
    return isOpen ? 'verify' : 'nothing';
  }
  if (state === 'collected' || acceptanceKey !== ask.acceptanceKey) return 'verify';
  // What is signed by nobody who may is no work of elsewhere at all, under `signed`: it does not get here.
  return foreign === true && ask.trust === 'reprove' ? 'verify' : 'serve';
}

/** Refused for nothing but what its proof was worth, by other rules than today's. */
function isWeak(
  { acceptanceKey, failures }: StoredWork['manifest']['predicate'],
  ask: Pick<ProofAsk, 'acceptanceKey'>,
): boolean {
  return (
    acceptanceKey !== ask.acceptanceKey &&
    failures.length > 0 &&
    failures.every(({ code }) => strengthCodes.has(code))
  );
}

/** A person's slice counts once the ledger names it, and then no other slice for the same keys does. */
function isWhatStands(
  { executor, resultDigest }: StoredWork['manifest']['predicate'],
  adopted: ProofAsk['adopted'],
): boolean {
  if (adopted === null) return executor['adopted'] !== true;
  return adopted.resultDigest === null || adopted.resultDigest === resultDigest;
}
