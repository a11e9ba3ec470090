import type { GateReason, LedgerEntry } from '@nx-wave/schemas';
import { buildWave } from '../testing/resolved';
import { goodPayloads } from '../testing/envelopes';
import { buildEvidence, buildHandoff } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import { judgeGates } from './registry';

const qa = steward('cont-qa');
const blocked = buildHandoff(qa, {
  'cont-qa': { ...goodPayloads['cont-qa'], verdict: { verdict: 'blocked', detail: 'no' } },
});

function waiver(code: string, agentId: string | null): LedgerEntry {
  return {
    schemaVersion: 1,
    id: '01J00000000000000000000001',
    wave: 'wave-3',
    recordedAt: '2026-01-02T03:04:05Z',
    by: 'sam',
    reason: 'known and accepted',
    type: 'gate.waived',
    code,
    agentId,
  };
}

function judge(overrides: Parameters<typeof buildEvidence>[2] = {}, advisoryGates: string[] = []) {
  return judgeGates(
    buildEvidence(buildWave([qa], { advisoryGates }), 'cont-qa', { handoffs: [blocked], ...overrides }),
  );
}

describe('what stops a wave', () => {
  it('is every gate, unless the configuration or the ledger says otherwise', () => {
    expect(judge().reasons).toHaveLength(1);
    expect(judge().advisories).toEqual([]);
  });

  it.each(['cont-qa', 'contQaGate'])(
    'is not a gate that the configuration calls advisory by the name %s',
    (name) => {
      const found = judge({}, [name]);
      expect(found.reasons).toEqual([]);
      expect(found.advisories[0]).toMatchObject({ gate: 'cont-qa', code: 'cont-qa-blocked' });
    },
  );

  it.each([
    ['for every agent', waiver('cont-qa-blocked', null)],
    ['for the agent that it names', waiver('cont-qa-blocked', 'A0')],
  ])('is not a code that somebody waived %s, and who and why is told', (_case, entry) => {
    const found = judge({ ledger: [entry] });
    expect(found.reasons).toEqual([]);
    expect(found.advisories[0]?.detail).toBe('A0 says blocked. Waived by sam: known and accepted');
  });

  it.each([
    ['another agent', waiver('cont-qa-blocked', 'A8')],
    ['another code', waiver('cont-qa-hold', null)],
    ['a code that no gate gives any more', waiver('a-code-of-long-ago', null)],
  ])('is still a code that was waived for %s', (_case, entry) => {
    expect(judge({ ledger: [entry] }).reasons).toHaveLength(1);
  });

  it('is always a missing proof: no waiver and no mode closes on nothing', () => {
    const ledger = [waiver('handoff-missing', null)];
    const found = judge({ handoffs: [], ledger }, ['handoffs', 'cont-qa']);
    expect(found.reasons.map(({ code }) => code)).toEqual(['handoff-missing']);
  });

  it('is always a merge that fails', () => {
    const wave = buildWave([implementer('A1'), implementer('A2')], { advisoryGates: ['merge'] });
    const red: GateReason = {
      gate: 'engine',
      code: 'merge-red',
      detail: 'npm test is red with A1 and A2 together.',
      agentIds: ['A2', 'A1'],
      paths: ['src/b.ts', 'src/a.ts'],
      command: 'npm test',
    };
    const evidence = buildEvidence(wave, 'implementation', {
      mergeFindings: [red],
      ledger: [waiver('merge-red', null)],
    });
    expect(judgeGates(evidence).reasons).toEqual([
      {
        ...red,
        gate: 'merge',
        agentIds: ['A1', 'A2'],
        paths: ['src/a.ts', 'src/b.ts'],
        repair: 'rerun',
      },
    ]);
  });
});
