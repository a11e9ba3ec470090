import { type Verdict } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import { verdictDigest } from './verdict-digest';

const agent = {
  ...{ agentId: 'A1', role: 'implementation', envelopeRole: 'implementation', stage: 'implementation' },
  ...{ state: 'owned_slice_proven', resultDigest: 'a'.repeat(64), records: [], facts: [], components: [] },
  judgement: {},
} as unknown as Verdict['agents'][number];
const verdict: Verdict = {
  ...{ schemaVersion: 1, wave: 'wave-1', stage: 'implementation', ok: true, upstream: null },
  ...{ agents: [agent], reasons: [], advisories: [] },
};

describe('the digest of a verdict', () => {
  it('is that of all that it holds, as before strength was measured', () => {
    expect(verdictDigest(verdict)).toBe(digestOf(verdict));
    expect(verdictDigest({ ...verdict, ok: false })).not.toBe(verdictDigest(verdict));
  });

  it('does not change with the strength of a proof', () => {
    const strength = { asked: 'checked' as const, reached: 'checked' as const, unmeasured: null };
    expect(verdictDigest({ ...verdict, agents: [{ ...agent, strength }] })).toBe(verdictDigest(verdict));
  });
});
