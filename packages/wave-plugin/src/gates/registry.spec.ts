import { buildWave } from '../testing/resolved';
import { buildEvidence } from '../testing/stage-evidence';
import { implementer } from '../testing/stewards';
import { stages } from '@nx-wave/schemas/plain';
import type { Gate, GateFinding } from './gate';
import { gates, judgeGates, reportPathsOf } from './registry';

/** In the order in which they speak: where, whether it may be advisory, and its name in the earlier wave system. */
const known: [string, readonly string[], boolean, string?][] = [
  ['dependencies', stages, false, 'dependencyBarrier'],
  ['handoffs', stages, false],
  ['design', ['design'], true, 'designGate'],
  ['implementation', ['implementation', 'cont-eval'], false, 'implementationGate'],
  ['deploy', ['implementation'], true],
  ['infra', ['implementation'], true, 'infraGate'],
  ['merge', stages, false],
  ['component', ['implementation', 'cont-eval'], true, 'componentGate'],
  ['helper-assignments', stages, true, 'helperAssignmentBarrier'],
  ['clarification', stages, true, 'clarificationBarrier'],
  ['blockers', stages, true],
  ['cont-eval', ['cont-eval'], true, 'contEvalGate'],
  ['security', ['security'], true, 'securityGate'],
  ['integration', ['integration'], true, 'integrationBarrier'],
  ['contradictions', stages, true, 'integrationBarrier'],
  ['documentation', ['documentation'], true, 'documentationGate'],
  ['component-matrix', ['documentation'], true, 'componentMatrixGate'],
  ['cont-qa', ['cont-qa'], true, 'contQaGate'],
];

it('the registry has these gates, each in its stages, advisory only where that leaves something to close on', () => {
  expect(
    gates.map(({ id, stages: own, mayBeAdvisory, formerName }) => [
      ...[id, own, mayBeAdvisory],
      ...(formerName === undefined ? [] : [formerName]),
    ]),
  ).toStrictEqual(known);
});

describe('a finding of a gate', () => {
  const wave = buildWave([implementer('A1')]);
  const finding: GateFinding = { code: 'some', detail: 'So it is.', agentIds: ['A1'], repair: 'rerun' };
  const saying = (more: Partial<GateFinding>, gate: Partial<Gate> = {}): Gate => ({
    ...{ id: 'toy', codes: {}, stages: ['implementation'], mayBeAdvisory: true },
    judge: () => [{ ...finding, ...more }],
    ...gate,
  });
  const judge = (...all: Gate[]) => judgeGates(buildEvidence(wave, 'implementation'), all);
  const reason = { gate: 'toy', ...finding, paths: [], command: null };

  it('is a reason with the name of the gate, and says what it does not name as nothing', () => {
    expect(judge(saying({}))).toStrictEqual({ reasons: [reason], advisories: [] });
  });

  it('keeps its paths, its command and its owners, of which there must be one', () => {
    const more = { paths: ['a.ts'], command: 'npm test', owners: ['A2'] };
    expect(judge(saying(more)).reasons).toStrictEqual([{ ...reason, ...more }]);
    expect(judge(saying({ owners: [] })).reasons).toStrictEqual([reason]);
  });

  it('is told and stops nothing where it is an advisory by itself, even of a gate that cannot be one', () => {
    const told = { reasons: [], advisories: [reason] };
    expect(judge(saying({ advisory: true }))).toStrictEqual(told);
    expect(judge(saying({ advisory: true }, { mayBeAdvisory: false }))).toStrictEqual(told);
  });

  it('is told and stops nothing where the configuration says so of its gate, and of no other', () => {
    const under = (...advisoryGates: string[]) => {
      const lenient = buildWave([implementer('A1')], { advisoryGates });
      const all = [saying({}, { formerName: 'toyGate' })];
      return judgeGates(buildEvidence(lenient, 'implementation'), all);
    };
    expect(under('other')).toStrictEqual({ reasons: [reason], advisories: [] });
    expect(under('other', 'toy')).toStrictEqual({ reasons: [], advisories: [reason] });
    expect(under('toyGate')).toStrictEqual({ reasons: [], advisories: [reason] });
  });

  it('is not asked for in another stage', () => {
    expect(judge(saying({}, { stages: ['design'] }))).toStrictEqual({ reasons: [], advisories: [] });
  });
});

it('reports are those that gates want of agents of the stage, sorted, each once', () => {
  const wanting = (of: string): Gate => ({
    ...{ id: 'toy', codes: {}, stages, mayBeAdvisory: true, judge: () => [] },
    reportPath: ({ unitId }) => (unitId.startsWith(of) ? `${unitId}.md` : null),
  });
  const silent: Gate = { id: 'mute', codes: {}, stages, mayBeAdvisory: true, judge: () => [] };
  const wave = buildWave([
    implementer('B'),
    implementer('A1'),
    implementer('A0', { stage: 'design' }),
    implementer('C'),
  ]);
  expect(
    reportPathsOf(wave, 'implementation', [wanting('B'), silent, wanting('A'), wanting('B')]),
  ).toStrictEqual(['A1.md', 'B.md']);
});
