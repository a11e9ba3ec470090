import { handoffOf, unitsOfRole, type CodeOf, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

const codes = {
  'infra-<state>': 'An infrastructure target is in a state that blocks, which the code ends in.',
} as const;
type Code = CodeOf<typeof codes>;

/** States of a target that hold nothing up. */
const fineStates = [
  'conformant',
  'setup-required',
  'setup-in-progress',
  'action-required',
  'action-approved',
  'action-complete',
];

/** No infrastructure target that an infra agent reports (`implementation.infraState`) is in a state that blocks. */
export const infraGate: Gate<Code> = {
  id: 'infra',
  codes,
  formerName: 'infraGate',
  stages: ['implementation'],
  mayBeAdvisory: true,
  judge(evidence) {
    return unitsOfRole(evidence, 'infra').flatMap((agent) => {
      const handoff = handoffOf(evidence, agent);
      const reported = handoff && readSection(handoff, 'implementation')?.['infraState'];
      const targets = Array.isArray(reported) ? reported : [reported];
      return targets.flatMap((target): GateFinding<Code>[] => {
        const { state, target: name } = (target ?? {}) as { state?: unknown; target?: unknown };
        if (typeof state !== 'string' || fineStates.includes(state)) return [];
        return [
          {
            code: `infra-${state}`,
            detail: `${agent.unitId} reports ${typeof name === 'string' ? name : 'its target'} as ${state}.`,
            agentIds: [agent.unitId],
            repair: 'rerun',
          },
        ];
      });
    });
  },
};
