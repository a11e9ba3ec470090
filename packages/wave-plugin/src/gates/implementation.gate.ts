import { handoffOf, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

/** Every agent that owns implementation handed off what its role owes. That its slice is proven, the handoff says. */
export const implementationGate: Gate = {
  id: 'implementation',
  formerName: 'implementationGate',
  stages: ['implementation', 'cont-eval'],
  mayBeAdvisory: false,
  judge(evidence) {
    return evidence.wave.agents
      .filter((agent) => agent.stage === evidence.stage && agent.implementationOwning)
      .flatMap((agent): GateFinding[] => {
        const handoff = handoffOf(evidence, agent);
        if (!handoff || readSection(handoff, agent.envelopeRole)) return [];
        return [
          {
            code: 'missing-result-envelope',
            detail: `${agent.unitId} handed off no ${agent.envelopeRole} payload.`,
            agentIds: [agent.unitId],
            repair: 'rerun',
          },
        ];
      });
  },
};
