import { buildAgent, buildWave } from '../../testing/resolved';
import { component, steward } from '../../testing/stewards';
import { adoptedEnvelope } from './adopted-envelope';

const decision = { by: 'Ada', reason: 'It was red for an hour.' };
const detail = 'Adopted: Ada answers for it. It was red for an hour.';

it('of a change that a person made claims what the agent owes, and says who answers for that', () => {
  const agent = buildAgent({
    unitId: 'A1-build',
    exitContract: { completion: 'live', durability: 'durable', proof: 'live', docImpact: 'owned' },
    components: [component('reader', 'pilot-live'), component('store', 'repo-landed')],
  });
  expect(adoptedEnvelope(buildWave([agent]), agent, decision)).toStrictEqual({
    ok: true,
    value: {
      schemaVersion: 2,
      agentId: 'A1',
      role: 'implementation',
      adopted: decision,
      proof: { state: 'satisfied', completion: 'live', durability: 'durable', proofLevel: 'live', detail },
      implementation: {
        docDelta: { state: 'owned', paths: [], detail: null },
        components: [
          { componentId: 'reader', level: 'pilot-live', state: 'met', detail },
          { componentId: 'store', level: 'repo-landed', state: 'met', detail },
        ],
      },
    },
  });
});

it('of an agent that owes nothing claims the least of everything', () => {
  const agent = buildAgent();
  expect(adoptedEnvelope(buildWave([agent]), agent, decision)).toMatchObject({
    value: {
      proof: { completion: 'contract', durability: 'none', proofLevel: 'unit' },
      implementation: { docDelta: { state: 'none' }, components: [] },
    },
  });
});

it('of a judgement is not made: its words are those of the person', () => {
  const agent = steward('security');
  expect(adoptedEnvelope(buildWave([agent]), agent, decision)).toMatchObject({
    ok: false,
    error: {
      code: 'option-invalid',
      message: expect.stringContaining('Agent A7 answers as security'),
      place: { wave: 'wave-3', agentId: 'A7' },
      next: expect.stringContaining('nx run wave-3:adopt --agent A7 --envelope FILE'),
    },
  });
});
