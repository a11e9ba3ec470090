import { handoffOf, namedOwners, unitsOfRole, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

/** The integration steward says ready. Its explicit word counts: nothing is derived beside it. */
export const integrationGate: Gate = {
  id: 'integration',
  formerName: 'integrationBarrier',
  stages: ['integration'],
  mayBeAdvisory: true,
  judge(evidence) {
    return unitsOfRole(evidence, 'integration').flatMap((agent): GateFinding[] => {
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
