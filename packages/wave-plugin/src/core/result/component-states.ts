import type { ComponentState, ResultEnvelope } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../model';

/**
 * Where the agent's components stand after its slice, sorted by id: the claims of the implementation payload. A deploy
 * envelope has none, there a healthy rollout is the claim.
 */
export function componentStatesOf(agent: ResolvedAgent, envelope: ResultEnvelope): ComponentState[] {
  const rollout = envelope.implementation ? undefined : envelope.deploy;
  const states: ComponentState[] = rollout
    ? agent.components.map(({ componentId, targetLevel }) => ({
        componentId,
        level: targetLevel,
        state: rollout.deployState.state === 'healthy' ? 'met' : 'gap',
      }))
    : (envelope.implementation?.components ?? []).map(({ componentId, level, state }) => ({
        componentId,
        level,
        state,
      }));
  return states.sort((a, b) => (a.componentId < b.componentId ? -1 : a.componentId > b.componentId ? 1 : 0));
}
