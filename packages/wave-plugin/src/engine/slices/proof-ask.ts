import { revokedProofs } from '../../core/state/ledger';
import type { ProofAsk } from '../../core/verify/proof-use';
import type { Session } from '../session/session';

/** What this wave asks of stored work for the keys of one agent. */
export function proofAsk(session: Session, keys: Pick<ProofAsk, 'workKey' | 'acceptanceKey'>): ProofAsk {
  return {
    workKey: keys.workKey,
    acceptanceKey: keys.acceptanceKey,
    revoked: revokedProofs(session.ledger),
    trust: session.wave.settings.trust,
  };
}
