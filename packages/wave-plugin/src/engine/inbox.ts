import type { ResolvedAgent } from '../core/model';
import type { AgentInputs } from './agent-inputs';

/** Records of earlier agents that an agent's prompt shows: those addressed to it, and what everyone should know. */
export function compileInbox(agent: ResolvedAgent, inputs: AgentInputs): string[] {
  const earlier = [...(inputs.upstream?.verdict.agents ?? []), ...inputs.handoffs];
  return earlier.flatMap(({ agentId, records }) =>
    records
      .filter(({ targets }) => {
        if (targets === undefined || targets.length === 0) return true;
        return targets.some(
          (target) =>
            target === agent.agentId ||
            target === `agent:${agent.agentId}` ||
            agent.capabilities.some((capability) => target === `capability:${capability}`),
        );
      })
      .map(
        ({ id, kind, summary, detail }) =>
          `${agentId} ${kind}${id ? ` [${id}]` : ''}: ${summary}${detail ? `. ${detail}` : ''}`,
      ),
  );
}
