import { ok, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import type { Session } from '../session/session';
import { inputsBefore, type AgentInputs, type InputsOptions } from './agent-inputs';

/**
 * The keys under which another machine has proven this work, where landings have moved what the agent was told to read since and
 * nothing of it is stored here: a clone pays no more than the machine that has it. The present keys where they are proven, or no others
 * are. The store is asked only where there was such a landing; where it does not answer, nobody is paid. Codes: those of joining the
 * store and of `proofsOf`.
 */
export async function provenElsewhere(
  session: Session,
  agent: ResolvedAgent,
  { present, context }: { present: AgentInputs } & InputsOptions,
): Promise<Result<AgentInputs>> {
  const { shared, edges } = session;
  if (shared === null || context !== 'stored' || present.moved.length > 0) return ok(present);
  const earlier = await inputsBefore(session, agent, present);
  if (earlier.length === 0) return ok(present);
  const joined = await shared.join();
  if (!joined.ok) return joined;
  for (const inputs of [present, ...earlier]) {
    const proofs = await joined.value.claims.proofsOf(inputs.workKey, edges.signal);
    if (!proofs.ok) return proofs;
    if (proofs.value.length > 0) return ok(inputs);
  }
  return ok(present);
}
