import { failure } from '@nx-wave/schemas/plain';
import { buildWave } from '../../testing/resolved';
import { simulateWave } from '../../testing/simulated-wave';
import { implementer } from '../../testing/stewards';
import { knownFailures } from './known-failures';

/** Three agents side by side; A1 and A2 fail. */
function twoFailed() {
  const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), implementer('A3')]));
  sim.launch(({ unitId }) => (unitId === 'A3' ? {} : { failures: ['agent-exit'] }));
  return sim.evidence();
}

const told = (evidence: Parameters<typeof knownFailures>[0]) =>
  knownFailures(evidence)
    .map(({ unitId, failures }) => `${unitId}: ${failures.map(({ code }) => code).join(' ')}`)
    .sort();

describe('knownFailures', () => {
  it('names every agent that has failed, not only the one whose task ends last', () => {
    expect(told(twoFailed())).toEqual(['A1: agent-exit', 'A2: agent-exit']);
  });

  it('lets what a task has just failed with count for more than what is stored', () => {
    const failures = [{ unitId: 'A2', failures: [failure('agent-killed', 'A2 was killed.')] }];
    expect(told({ ...twoFailed(), failures })).toEqual(['A1: agent-exit', 'A2: agent-killed']);
  });

  it('keeps what a gate failed with', () => {
    const failures = [{ unitId: 'gate-implementation', failures: [failure('disk-full', 'No space.')] }];
    expect(told({ ...twoFailed(), failures })).toContain('gate-implementation: disk-full');
  });

  it('forgets a failure once the agent is asked for something else', () => {
    const evidence = twoFailed();
    expect(told({ ...evidence, workKeys: { ...evidence.workKeys, A1: 'f'.repeat(64) } })).toEqual([
      'A2: agent-exit',
    ]);
  });
});
