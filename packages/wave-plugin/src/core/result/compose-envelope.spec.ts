import { readAgentEnvelope } from '@nx-wave/schemas';
import { envelopeRoles } from '@nx-wave/schemas/plain';
import { goodPayloads } from '../../testing/envelopes';
import { composeEnvelope, type EnvelopeClaims } from './compose-envelope';

const writer = { agentId: 'A1', role: 'implementation' };
const identity = { agentId: 'A1', waveNumber: 1, attempt: 1, envelopeRole: 'implementation' as const };

function read(claims?: EnvelopeClaims) {
  const composed = composeEnvelope(writer, claims);
  return composed.ok ? readAgentEnvelope(composed.value, identity) : composed;
}

describe('composeEnvelope', () => {
  it.each<[string, EnvelopeClaims | undefined]>([
    ['nothing', undefined],
    ['a sentence', { detail: 'All 14 tests pass.' }],
    ['every claim', { state: 'partial', completion: 'integrated', durability: 'none', proofLevel: 'unit' }],
    ['documents and components', { docs: ['docs/a.md'], components: { 'order-intake': 'baseline-proved' } }],
    ['more', { more: { gaps: [{ kind: 'docs', detail: 'No example yet.' }], riskNotes: ['slow'] } }],
  ])('writes an envelope that the runner reads, from %s', (_, claims) => {
    expect(read(claims)).toMatchObject({ ok: true });
  });

  it.each(envelopeRoles)('writes one for the role %s from its payload', (role) => {
    const composed = composeEnvelope({ agentId: 'A1', role }, { payload: goodPayloads[role] });
    expect(
      composed.ok && readAgentEnvelope(composed.value, { ...identity, envelopeRole: role }),
    ).toMatchObject({
      ok: true,
    });
  });

  it('claims nothing that it was not given', () => {
    expect(composeEnvelope(writer)).toMatchObject({
      value: { proof: { completion: null, durability: null, proofLevel: null, detail: null } },
    });
  });

  it.each<[string, { agentId: string; role: string }, EnvelopeClaims, RegExp]>([
    ['a program that no wave started', { agentId: '', role: '' }, {}, /A wave starts this program/],
    ['a role that does not exist', { agentId: 'A1', role: 'boss' }, {}, /WAVE_ROLE/],
    ['a judge without a judgement', { agentId: 'A0', role: 'cont-qa' }, {}, /judges: give its payload/],
    [
      'a word that is none',
      writer,
      { proofLevel: 'yes' as 'unit' },
      /proofLevel is one of unit, integration, live; found "yes"/,
    ],
  ])('refuses %s', (_, who, claims, problem) => {
    expect(composeEnvelope(who, claims)).toEqual({
      ok: false,
      problem: expect.stringMatching(problem) as string,
    });
  });

  it('lets nothing of the rest stand over what says who speaks', () => {
    expect(composeEnvelope(writer, { more: { agentId: 'A2', role: 'cont-qa' } })).toMatchObject({
      value: { agentId: 'A1', role: 'implementation' },
    });
  });
});
