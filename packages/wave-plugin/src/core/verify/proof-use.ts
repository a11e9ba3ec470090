import type { BundlePredicate } from '@nx-wave/schemas';
import type { WaveSettings } from '../model';

/** What is asked of stored work: the keys of today, and what a person or an earlier judgement has said against some of it. */
export interface ProofAsk {
  workKey: string;
  acceptanceKey: string;
  /** Digests of proofs that a person has revoked. */
  revoked: ReadonlySet<string>;
  trust: WaveSettings['trust'];
  /** Digests of work that these very rules have refused before: judging it again would say the same. */
  refused?: ReadonlySet<string>;
}

/** A stored bundle, as far as its use depends on it. `foreign`: made elsewhere and not proved here. */
export interface StoredWork {
  proofDigest: string;
  manifest: { predicate: Pick<BundlePredicate, 'state' | 'workKey' | 'acceptanceKey'> };
  foreign?: boolean;
}

/**
 * What stored work is good for. `serve`: its proof holds as it stands. `verify`: it is judged again, and nobody is paid;
 * it was never judged, or by other rules, or elsewhere. `nothing`: it is other work, was refused, or was revoked.
 */
export function useOf(
  { proofDigest, manifest, foreign }: StoredWork,
  ask: ProofAsk,
): 'serve' | 'verify' | 'nothing' {
  const { state, workKey, acceptanceKey } = manifest.predicate;
  if (workKey !== ask.workKey || state === 'not_proven') return 'nothing';
  if (ask.revoked.has(proofDigest) || ask.refused?.has(proofDigest)) return 'nothing';
  if (state === 'collected' || acceptanceKey !== ask.acceptanceKey) return 'verify';
  return foreign === true && ask.trust !== 'digest' ? 'verify' : 'serve';
}
