import { inBuildingOrder, presentStages, previousStage, withDependencies } from './wave-order';

const unit = (
  unitId: string,
  stage: 'design' | 'implementation' | 'integration',
  dependsOn: string[] = [],
) => ({
  unitId,
  stage,
  dependsOn,
});

const wave = {
  agents: [
    unit('A8', 'integration'),
    unit('A1', 'implementation'),
    unit('A2', 'implementation', ['A1']),
    unit('A3', 'implementation', ['A2']),
    unit('D1', 'design'),
  ],
};

it('stages come in the order in which they run, those without agents left out', () => {
  expect(presentStages(wave)).toEqual(['design', 'implementation', 'integration']);
  expect(presentStages({ agents: [] })).toEqual([]);
});

it.each([
  ['design', null],
  ['implementation', 'design'],
  ['integration', 'implementation'],
  ['cont-qa', 'integration'],
] as const)('before %s comes %s', (stage, before) => {
  expect(previousStage(wave, stage)).toBe(before);
});

it.each([
  [['A1'], ['A1']],
  [['A3'], ['A1', 'A2', 'A3']],
  [
    ['A2', 'A8'],
    ['A8', 'A1', 'A2'],
  ],
  [[], []],
])('%j rest on %j', (unitIds, closure) => {
  expect(withDependencies(wave, unitIds)).toEqual(closure);
});

it('a circle, which no wave file may have, ends', () => {
  const agents = [unit('A1', 'implementation', ['A2']), unit('A2', 'implementation', ['A1'])];
  expect(withDependencies({ agents }, ['A1'])).toEqual(['A1', 'A2']);
});

it('slices are merged behind those that they were built on, and else stay where they are', () => {
  const late = {
    agents: [
      unit('A1', 'implementation', ['A3']),
      unit('A2', 'implementation'),
      unit('A3', 'implementation'),
    ],
  };
  const slices = ['wave-1', 'A1', 'A2', 'A3'].map((sliceId) => ({ sliceId }));
  expect(inBuildingOrder(late, slices).map(({ sliceId }) => sliceId)).toEqual(['wave-1', 'A3', 'A1', 'A2']);
  expect(inBuildingOrder(wave, slices)).toEqual(slices);
  expect(inBuildingOrder(late, slices.slice(0, 3))).toEqual(slices.slice(0, 3));
});
