import type { ResolvedAgent } from '../../core/model';
import { adoptionOf, revokedProofs } from '../../core/state/ledger';
import type { ProofAsk } from '../../core/verify/proof-use';
import type { Session } from '../session/session';

/** What this wave asks of stored work for the keys of one agent. */
export function proofAsk(
  session: Session,
  { unitId }: Pick<ResolvedAgent, 'unitId'>,
  keys: Pick<ProofAsk, 'workKey' | 'acceptanceKey'>,
): ProofAsk {
  return {
    workKey: keys.workKey,
    acceptanceKey: keys.acceptanceKey,
    revoked: revokedProofs(session.ledger),
    trust: session.wave.settings.trust,
    adopted: adoptionOf(session.ledger, { unitId, workKey: keys.workKey }),
    ledger: session.ledger,
  };
}
