import type { Promotion } from '@nx-wave/schemas';
import { maturityLevels, reaches, stages } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../core/model';
import { mainStage, stageRules } from '../core/stages';
import type { CodeOf, Gate, GateFinding, StageEvidence } from './gate';

const codes = {
  'shared-component-sibling-pending': 'Some owners of a shared component are proven and some are not.',
  'component-promotion-gap': 'Nobody has proven a promoted component at its level.',
} as const;
type Code = CodeOf<typeof codes>;

/**
 * Every promoted component is proven by all of its owners, at its level or above. It is judged where its last owner stands.
 * Of a shared component only the owners that are still missing are asked again, never one that has landed.
 */
export const componentGate: Gate<Code> = {
  id: 'component',
  codes,
  formerName: 'componentGate',
  stages: stages.filter((stage) => stageRules[stage].implements),
  mayBeAdvisory: true,
  judge(evidence) {
    return evidence.wave.promotions.flatMap((promotion): GateFinding<Code>[] => {
      const owners = ownersOf(evidence, promotion);
      if (lastStage(evidence, owners) !== evidence.stage) return [];
      const waiting = owners
        .filter((owner) => !hasProven(evidence, owner, promotion))
        .map(({ unitId }) => unitId);
      if (owners.length > 0 && waiting.length === 0) return [];
      const satisfied = owners.map(({ unitId }) => unitId).filter((unitId) => !waiting.includes(unitId));
      const { componentId, targetLevel } = promotion;
      if (satisfied.length > 0) {
        return [
          {
            code: 'shared-component-sibling-pending',
            detail: `${componentId} reaches ${targetLevel} with ${satisfied.join(', ')}; it waits for ${waiting.join(', ')}.`,
            agentIds: waiting,
            repair: 'rerun',
          },
        ];
      }
      return [
        {
          code: 'component-promotion-gap',
          detail:
            owners.length === 0
              ? `No agent of the wave owns ${componentId}, which it promotes to ${targetLevel}.`
              : `Nobody has proven ${componentId} at ${targetLevel} or above.`,
          agentIds: waiting,
          repair: owners.length === 0 ? 'human' : 'rerun',
        },
      ];
    });
  },
};

function ownersOf({ wave }: StageEvidence, { componentId }: Promotion): ResolvedAgent[] {
  return wave.agents.filter(
    (agent) =>
      !stageRules[agent.stage].prepares &&
      agent.components.some((component) => component.componentId === componentId),
  );
}

/** The stage after which a component can be judged; without an owner that is the implementation stage. */
function lastStage(evidence: StageEvidence, owners: ResolvedAgent[]): string {
  const last = Math.max(stages.indexOf(mainStage), ...owners.map(({ stage }) => stages.indexOf(stage)));
  return stages[last] ?? evidence.stage;
}

function hasProven(
  evidence: StageEvidence,
  owner: ResolvedAgent,
  { componentId, targetLevel }: Promotion,
): boolean {
  const isOwn = ({ agentId, stage }: { agentId: string; stage: string }) =>
    agentId === owner.unitId && stage === owner.stage;
  const handedOff = evidence.handoffs.find(isOwn) ?? evidence.upstream?.agents.find(isOwn);
  const state = handedOff?.components.find((component) => component.componentId === componentId);
  const levels = evidence.matrix?.levels ?? maturityLevels;
  return state?.state === 'met' && (state.level === targetLevel || reaches(levels, state.level, targetLevel));
}
