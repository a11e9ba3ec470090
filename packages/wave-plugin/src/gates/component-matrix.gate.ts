import { reaches } from '@nx-wave/schemas/plain';
import { unitsAnswering, type CodeOf, type Gate, type GateFinding } from './gate';

const codes = {
  'unknown-component': 'The component matrix does not know a promoted component.',
  'component-current-level-stale':
    'The component matrix has a component below the level that the wave proved.',
} as const;
type Code = CodeOf<typeof codes>;

/** The component matrix of the merged tree says what the wave proved: each promoted component stands at its level or above. */
export const componentMatrixGate: Gate<Code> = {
  id: 'component-matrix',
  codes,
  formerName: 'componentMatrixGate',
  stages: ['documentation'],
  mayBeAdvisory: true,
  judge(evidence) {
    const { wave, matrix } = evidence;
    const stewards = unitsAnswering(evidence, 'documentation').map(({ unitId }) => unitId);
    const paths = [wave.settings.matrixPath];
    if (!matrix || stewards.length === 0) return [];
    return wave.promotions.flatMap(({ componentId, targetLevel }): GateFinding<Code>[] => {
      const known = Object.entries(matrix.components).find(([id]) => id === componentId)?.[1];
      if (!known) {
        return [
          {
            code: 'unknown-component',
            detail: `${wave.settings.matrixPath} does not know ${componentId}.`,
            agentIds: stewards,
            paths,
            repair: 'rerun',
          },
        ];
      }
      if (known.currentLevel === targetLevel || reaches(matrix.levels, known.currentLevel, targetLevel))
        return [];
      return [
        {
          code: 'component-current-level-stale',
          detail: `${wave.settings.matrixPath} has ${componentId} at ${known.currentLevel}, the wave promotes it to ${targetLevel}.`,
          agentIds: stewards,
          paths,
          repair: 'rerun',
        },
      ];
    });
  },
};
