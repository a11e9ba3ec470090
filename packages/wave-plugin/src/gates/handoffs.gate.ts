import { stages } from '@nx-wave/schemas/plain';
import { handoffOf, type CodeOf, type Gate, type GateFinding } from './gate';

const codes = {
  'upstream-open': 'The stage before has not passed.',
  'handoff-missing': 'An agent has not proven its slice.',
  'handoff-stale':
    'The slice of an agent was proven for another version of its spec or of what it builds on.',
} as const;
type Code = CodeOf<typeof codes>;

/** Every agent of the stage has handed off a proven slice of its current spec, on a stage that passed. */
export const handoffsGate: Gate<Code> = {
  id: 'handoffs',
  codes,
  stages,
  mayBeAdvisory: false,
  judge(evidence) {
    const { wave, stage, upstream, expectedWorkKeys } = evidence;
    const own = wave.agents.filter((agent) => agent.stage === stage);
    const findings = own.flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      const expected = expectedWorkKeys[agent.unitId];
      if (!handoff) {
        return [
          {
            code: 'handoff-missing',
            detail: `${agent.unitId} has not proven its slice.`,
            agentIds: [agent.unitId],
            repair: 'rerun',
          },
        ];
      }
      if (expected === undefined || handoff.workKey === expected) return [];
      return [
        {
          code: 'handoff-stale',
          detail: `The slice of ${agent.unitId} was proven for another version of its spec or of what it builds on.`,
          agentIds: [agent.unitId],
          repair: 'rerun',
        },
      ];
    });
    if (!upstream || upstream.ok) return findings;
    return [
      {
        code: 'upstream-open',
        detail: `The ${upstream.stage} stage has not passed.`,
        agentIds: [],
        repair: 'wait',
      },
      ...findings,
    ];
  },
};
