import { handoffOf, unitsAnswering, type CodeOf, type Gate, type GateFinding } from './gate';
import { readSection } from './sections';

const codes = {
  'missing-deploy-state': 'A deploy agent left no deploy state.',
  'deploy-deploying': 'A rollout has not come to its end.',
  'deploy-failed': 'A rollout failed.',
  'deploy-rolled-back': 'A rollout was taken back.',
} as const;
type Code = CodeOf<typeof codes>;

/** Every rollout of the wave is healthy, or there was nothing to roll out. */
export const deployGate: Gate<Code> = {
  id: 'deploy',
  codes,
  stages: ['implementation'],
  mayBeAdvisory: true,
  judge(evidence) {
    const rollouts = unitsAnswering(evidence, 'deploy');
    return rollouts.flatMap((agent): GateFinding<Code>[] => {
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
