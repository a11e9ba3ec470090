import { reported } from '../../testing/reported-wave';
import { findingsOf } from './findings';

describe('what is to be known before landing', () => {
  it('tells first what stands against closing, then what is weak, then what is only good to know', () => {
    const input = reported({ A2: { failures: ['proof-command-failed'] } });
    const found = findingsOf({
      ...input,
      words: [{ unitId: 'A1', summary: 'done', gaps: ['docs'], riskNotes: ['slow on Windows'] }],
      cages: [{ unitId: 'A1', agent: 'none: bubblewrap is not installed', proofs: null }],
    });
    expect(found.map(({ level, code, agentIds }) => [level, code, ...agentIds])).toEqual([
      ['error', 'proof-command-failed', 'A2'],
      ['warning', 'no-cage', 'A1'],
      ['warning', 'agent-gap', 'A1'],
      ['note', 'agent-risk', 'A1'],
    ]);
  });

  it('names a cage that is missing once, with everybody who had none', () => {
    const words = 'none: off';
    const cages = ['A1', 'A2'].map((unitId) => ({ unitId, agent: words, proofs: words }));
    const found = findingsOf({ ...reported(), cages });
    expect(found).toEqual([expect.objectContaining({ code: 'no-cage', agentIds: ['A1', 'A2'] })]);
  });

  it('tells what a person has waived', () => {
    const entry = {
      schemaVersion: 1,
      id: '0'.repeat(26),
      wave: 'wave-3',
      recordedAt: '2026-01-02T03:04:05.000Z',
      by: 'Ada',
      reason: 'known',
      type: 'gate.waived',
      code: 'blocker-open',
      agentId: 'A1',
    } as const;
    expect(findingsOf({ ...reported(), ledger: [entry] })).toEqual([
      {
        level: 'note',
        code: 'gate-waived',
        message: 'blocker-open is waived by Ada: known',
        agentIds: ['A1'],
        paths: [],
      },
    ]);
  });

  it('has nothing to say of a wave that is whole', () => {
    expect(findingsOf(reported())).toEqual([]);
  });
});
