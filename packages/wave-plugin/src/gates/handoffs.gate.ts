import { stages } from '@nx-wave/schemas/plain';
import { handoffOf, type Gate } from './gate';

/** Every agent of the stage has handed off a proven slice of its current spec, on a stage that passed. */
export const handoffsGate: Gate = {
  id: 'handoffs',
  stages,
  mayBeAdvisory: false,
  judge(evidence) {
    const { wave, stage, upstream, expectedWorkKeys } = evidence;
    const own = wave.agents.filter((agent) => agent.stage === stage);
    const findings = own.flatMap((agent) => {
      const handoff = handoffOf(evidence, agent);
      const expected = expectedWorkKeys[agent.unitId];
      if (!handoff) {
        return {
          code: 'handoff-missing',
          detail: `${agent.unitId} has not proven its slice.`,
          agentIds: [agent.unitId],
          repair: 'rerun' as const,
        };
      }
      if (expected === undefined || handoff.workKey === expected) return [];
      return {
        code: 'handoff-stale',
        detail: `The slice of ${agent.unitId} was proven for another version of its spec or of what it builds on.`,
        agentIds: [agent.unitId],
        repair: 'rerun' as const,
      };
    });
    if (!upstream || upstream.ok) return findings;
    return [
      {
        code: 'upstream-open',
        detail: `The ${upstream.stage} stage has not passed.`,
        agentIds: [],
        repair: 'wait' as const,
      },
      ...findings,
    ];
  },
};
