import type {
  BundlePredicate,
  ControlPlaneEvent,
  GateReason,
  LedgerEntry,
  ResultEnvelope,
  Verdict,
} from '@nx-wave/schemas';
import type { Failure } from '@nx-wave/schemas/plain';
import type { ResolvedWave } from '../model';

/** The proof bundle that a unit's current work key leads to. */
export interface BundleFacts {
  unitId: string;
  workKey: string;
  resultDigest: string;
  /** sha256 of the manifest. */
  proofDigest: string;
  proofBundleId: string;
}

/** What proving the merged tree of the whole wave gave. `tree` is null where nothing could be merged. */
export interface ProveFacts {
  ok: boolean;
  tree: string | null;
  reasons: readonly GateReason[];
  /** `user`: its commands worked with the home of the person. */
  home?: 'user';
  /** Held-out commands by name; absent where none were run. */
  heldOut?: readonly { name: string; passed: boolean }[];
}

/** A question that waits for a person. */
export interface OpenQuestion {
  requestId: string;
  agentId: string;
  summary: string;
}

/** One stored attempt: what its manifest says, and the envelope if it left a readable one. */
export interface AttemptRecord {
  predicate: BundlePredicate;
  /** sha256 of the manifest. */
  proofDigest: string;
  envelope: ResultEnvelope | null;
}

/** Everything that a wave's state is reduced from. Order and repetition inside the lists make no difference. */
export interface WaveEvidence {
  wave: ResolvedWave;
  ledger: readonly LedgerEntry[];
  /** Observed events, from this machine's log and from bundles. */
  events: readonly ControlPlaneEvent[];
  attempts: readonly AttemptRecord[];
  /** Intact proofs for the present work keys. */
  bundles: readonly BundleFacts[];
  /** The present work key of each unit, as far as it can be known. */
  workKeys: Readonly<Record<string, string>>;
  /** Verdicts of the present handoffs, judged from stored state. */
  verdicts: readonly Verdict[];
  /** What a person should know of kept work, whatever the gates say. */
  advisories?: readonly GateReason[];
  /** The proof of the merged tree, if it has been tried on this result. */
  prove: ProveFacts | null;
  /** Units whose work key a living process holds the lease of. */
  running?: readonly string[];
  /** What the running task itself just failed with, before any record of it was stored. */
  failures?: readonly { unitId: string; failures: readonly Failure[] }[];
  /** True when a closure record of state `closed` fits the present work keys. */
  closed?: boolean;
}
