import { handoffOf, namedOwners, unitsAnswering, type CodeOf, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

const codes = {
  'missing-wave-integration': 'The integration steward left no integration state.',
  'integration-needs-more-work': 'The integration steward says that more work is needed.',
} as const;
type Code = CodeOf<typeof codes>;

/** The integration steward says ready. Its explicit word counts: nothing is derived beside it. */
export const integrationGate: Gate<Code> = {
  id: 'integration',
  codes,
  formerName: 'integrationBarrier',
  stages: ['integration'],
  mayBeAdvisory: true,
  judge(evidence) {
    return unitsAnswering(evidence, 'integration').flatMap((agent): GateFinding<Code>[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const agentIds = [agent.unitId];
      const state = readSection(handoff, 'integration')?.integrationState;
      if (!state) {
        const detail = `${agent.unitId} left no integration state.`;
        return [{ code: 'missing-wave-integration', detail, agentIds, repair: 'rerun' }];
      }
      if (state.state === 'ready-for-doc-closure') return [];
      const detail =
        `${agent.unitId} says needs-more-work (${state.claims} claims, ${state.conflicts} conflicts, ` +
        `${state.blockers} blockers).`;
      return [
        {
          code: 'integration-needs-more-work',
          detail,
          agentIds,
          owners: namedOwners(state),
          repair: 'owners',
        },
      ];
    });
  },
};
