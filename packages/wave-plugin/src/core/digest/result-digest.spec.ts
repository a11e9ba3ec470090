import type { Artifact, FileChange, Handoff } from '@nx-wave/schemas';
import { buildEnvelope } from '../../testing/envelopes';
import { buildAgent, buildWave } from '../../testing/resolved';
import { makeHandoff, resultDigestOf } from './result-digest';

const change = (path: string, oid = '1'): FileChange => ({
  path,
  before: null,
  after: { mode: '100644', oid: oid.repeat(40) },
});
const artifact = (path: string): Artifact => ({ path, sha256: 'a'.repeat(64), size: 1 });
const slice = { changes: [change('a'), change('b'), change('c')], artifacts: [artifact('x'), artifact('y')] };
type Said = Pick<Handoff, 'records' | 'facts' | 'components' | 'judgement'>;
const agent = buildAgent();
const envelope = buildEnvelope('implementation');
const given = { agent, wave: buildWave([agent]), workKey: 'f'.repeat(64), envelope, ...slice };
const { records, facts, components, judgement } = makeHandoff(given);
const said: Said = { records, facts, components, judgement };

describe('the digest of a result', () => {
  it('is the same in whatever order changes and artifacts were found', () => {
    const other = { changes: slice.changes.toReversed(), artifacts: slice.artifacts.toReversed() };
    expect(resultDigestOf(other, said)).toBe(resultDigestOf(slice, said));
    const [a, b, c] = [change('a'), change('b'), change('c')];
    for (const changes of [
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
    ])
      expect(resultDigestOf({ ...slice, changes }, said)).toBe(resultDigestOf(slice, said));
  });

  it.each<[string, Partial<typeof slice>, Partial<Said>]>([
    ['a changed path', { changes: [change('a'), change('b'), change('d')] }, {}],
    ['a changed content', { changes: [change('a', '2'), change('b'), change('c')] }, {}],
    ['a change less', { changes: [change('a'), change('b')] }, {}],
    ['another artifact', { artifacts: [artifact('x'), artifact('z')] }, {}],
    ['no artifact', { artifacts: [] }, {}],
    ['a record', {}, { records: [{ kind: 'request', id: 'r1', summary: 'More.' }] as never }],
    ['a fact', {}, { facts: [{ factId: 'f1' }] as never }],
    ['a component', {}, { components: [{ componentId: 'c1' }] as never }],
    ['a judgement', {}, { judgement: { verdict: 'pass' } as never }],
  ])('is another one with %s', (_what, more, words) => {
    expect(resultDigestOf({ ...slice, ...more }, { ...said, ...words })).not.toBe(
      resultDigestOf(slice, said),
    );
  });
});

describe('what a proven agent hands on', () => {
  it('is named by wave, agent and key, and binds what it says to what it changed', () => {
    expect(makeHandoff(given)).toEqual({
      schemaVersion: 1,
      wave: 'wave-3',
      agentId: agent.unitId,
      role: agent.role,
      envelopeRole: agent.envelopeRole,
      stage: agent.stage,
      state: 'owned_slice_proven',
      workKey: given.workKey,
      resultDigest: resultDigestOf(slice, said),
      ...{ records: [], facts: [], components: said.components, judgement: said.judgement },
    });
  });

  it('has records and facts in the order of their ids, in whatever order they were said', () => {
    const record = (id: string) => ({ kind: 'request', id, summary: id });
    const fact = (factId: string) => ({ factId, summary: factId, kind: 'x' });
    const of = (ids: string[]) =>
      makeHandoff({
        ...given,
        envelope: { ...envelope, records: ids.map(record) as never, facts: ids.map(fact) as never },
      });
    const handoff = of(['c', 'a', 'b']);
    expect(handoff.records.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(handoff.facts.map(({ factId }) => factId)).toEqual(['a', 'b', 'c']);
    expect(handoff.resultDigest).toBe(of(['b', 'c', 'a']).resultDigest);
    expect(handoff.resultDigest).not.toBe(makeHandoff(given).resultDigest);
  });

  it('keeps what was said under one id in the order in which it was said', () => {
    const records = ['first', 'second', 'third'].map((summary) => ({ kind: 'request', id: 'r1', summary }));
    const handoff = makeHandoff({ ...given, envelope: { ...envelope, records: records as never } });
    expect(handoff.records.map(({ summary }) => summary)).toEqual(['first', 'second', 'third']);
  });

  it('says how much its proof is worth, where that was measured, and none of its times', () => {
    const strength = { asked: 'strict', reached: 'checked', unmeasured: null, proofMs: 5 } as never;
    expect(makeHandoff({ ...given, strength }).strength).toEqual({
      asked: 'strict',
      reached: 'checked',
      unmeasured: null,
    });
    expect(makeHandoff({ ...given, strength: null })).not.toHaveProperty('strength');
  });
});
