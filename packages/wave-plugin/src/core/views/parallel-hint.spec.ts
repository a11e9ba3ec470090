import { buildWave } from '../../testing/resolved';
import { implementer, steward } from '../../testing/stewards';
import { parallelHint } from './parallel-hint';

const waveOf = (implementers: number) =>
  buildWave([
    ...Array.from({ length: implementers }, (_, at) => implementer(`A${at + 1}`)),
    steward('cont-qa'),
  ]);

describe('parallelHint', () => {
  it('is silent while no stage is wider than what Nx runs at once', () => {
    expect(parallelHint(waveOf(3))).toBeNull();
  });

  it('names the option for the widest stage', () => {
    expect(parallelHint(waveOf(5))).toBe(
      'Nx runs 3 tasks at once by default; --parallel=5 starts all agents of the implementation stage together.',
    );
  });
});
