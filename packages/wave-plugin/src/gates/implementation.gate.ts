import { stages } from '@nx-wave/schemas/plain';
import { stageRules } from '../core/stages';
import { handoffOf, type CodeOf, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

const codes = {
  'missing-result-envelope': 'An agent handed off no payload of its role.',
} as const;
type Code = CodeOf<typeof codes>;

/** Every agent that owns implementation handed off what its role owes. That its slice is proven, the handoff says. */
export const implementationGate: Gate<Code> = {
  id: 'implementation',
  codes,
  formerName: 'implementationGate',
  stages: stages.filter((stage) => stageRules[stage].implements),
  mayBeAdvisory: false,
  judge(evidence) {
    return evidence.wave.agents
      .filter((agent) => agent.stage === evidence.stage && agent.implementationOwning)
      .flatMap((agent): GateFinding<Code>[] => {
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
