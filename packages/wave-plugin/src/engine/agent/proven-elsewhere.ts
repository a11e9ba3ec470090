import type { ResolvedAgent } from '../../core/model';
import type { Session } from '../session/session';
import { inputsProvenBefore, type AgentInputs, type InputsOptions } from './agent-inputs';

/**
 * The keys under which another machine has proven this work, where landings have moved what the agent was told to read since and
 * nothing of it is stored here: a clone pays no more than the machine that has it. Null where the present keys stand. The store is asked
 * only where there was such a landing; where it does not answer, the claim of the present keys says so.
 */
export async function provenElsewhere(
  session: Session,
  agent: ResolvedAgent,
  { present, context }: { present: AgentInputs } & InputsOptions,
): Promise<AgentInputs | null> {
  const { shared } = session;
  if (shared === null || context !== 'stored') return null;
  const isProven = async (workKey: string) => {
    const joined = await shared.join();
    const proofs = joined.ok ? await joined.value.claims.proofsOf(workKey) : joined;
    return proofs.ok && proofs.value.length > 0;
  };
  return inputsProvenBefore(session, agent, { present, isProven });
}
