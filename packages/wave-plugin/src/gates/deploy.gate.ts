import { handoffOf, unitsOfRole, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

/** Every rollout of the wave is healthy, or there was nothing to roll out. */
export const deployGate: Gate = {
  id: 'deploy',
  stages: ['implementation'],
  mayBeAdvisory: true,
  judge(evidence) {
    const rollouts = unitsOfRole(evidence, 'deploy').filter(({ envelopeRole }) => envelopeRole === 'deploy');
    return rollouts.flatMap((agent): GateFinding[] => {
      const handoff = handoffOf(evidence, agent);
      if (!handoff) return [];
      const agentIds = [agent.unitId];
      const rollout = readSection(handoff, 'deploy')?.deployState;
      if (!rollout) {
        return [
          {
            code: 'missing-deploy-state',
            detail: `${agent.unitId} left no deploy state.`,
            agentIds,
            repair: 'rerun',
          },
        ];
      }
      if (rollout.state === 'healthy' || rollout.state === 'not_applicable') return [];
      return [
        {
          code: `deploy-${rollout.state}`,
          detail: `${agent.unitId} reports the rollout to ${rollout.environment ?? 'its environment'} as ${rollout.state}.`,
          agentIds,
          repair: 'rerun',
        },
      ];
    });
  },
};
