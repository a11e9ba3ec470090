import type { Stage } from '@nx-wave/schemas/plain';
import { buildWave } from '../testing/resolved';
import { buildEvidence } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import { judgeStages, mergeUntried, type StageFacts } from './judge-stages';

const wave = buildWave([steward('cont-qa'), implementer('A1'), implementer('A2'), steward('integration')]);

/** Judges the wave: everybody has handed off but these. Gives what was asked for, and the verdicts. */
function judge(missing: string[]) {
  const asked: [Stage, string[], Stage | null][] = [];
  const turns = judgeStages(wave);
  let turn = turns.next();
  while (turn.done !== true) {
    const { stage, units, upstream } = turn.value;
    asked.push([stage, units.map(({ unitId }) => unitId), upstream?.stage ?? null]);
    const { wave: _wave, stage: _stage, upstream: _upstream, ...facts } = buildEvidence(wave, stage);
    const handoffs = facts.handoffs.filter(({ agentId }) => !missing.includes(agentId));
    turn = turns.next({ ...facts, handoffs } satisfies StageFacts);
  }
  return { asked, verdicts: turn.value.map(({ stage, ok }) => [stage, ok]) };
}

describe('a wave is judged', () => {
  it('stage by stage, those that have agents, each on the verdict before it', () => {
    expect(judge([])).toStrictEqual({
      asked: [
        ['implementation', ['A1', 'A2'], null],
        ['integration', ['A8'], 'implementation'],
        ['cont-qa', ['A0'], 'integration'],
      ],
      verdicts: [
        ['implementation', true],
        ['integration', true],
        ['cont-qa', true],
      ],
    });
  });

  it('up to the first stage that does not pass, and nobody asks for what is behind it', () => {
    expect(judge(['A8'])).toStrictEqual({
      asked: [
        ['implementation', ['A1', 'A2'], null],
        ['integration', ['A8'], 'implementation'],
      ],
      verdicts: [
        ['implementation', true],
        ['integration', false],
      ],
    });
  });
});

it('slices that nobody has proved together yet wait, and blame nobody', () => {
  expect(mergeUntried('security')).toStrictEqual({
    ...{ gate: 'merge', code: 'merge-unproven', agentIds: [], paths: [], command: null, repair: 'wait' },
    detail: 'The slices of the security stage have not been proved together yet.',
  });
});
