import type { LedgerEntry } from '@nx-wave/schemas';
import { answering, judgedAs, type Answering } from '../testing/answering-steward';
import { implementer, steward } from '../testing/stewards';
import { contQaGate } from './cont-qa.gate';
import type { GateFinding } from './gate';

const report = 'docs/reviews/wave-3-cont-qa.md';
const judge = (verdict: object = {}, gateClaims: object = {}, more: Answering = {}) =>
  contQaGate.judge(answering('cont-qa', { verdict, gateClaims }, more));
const told = (code: string, says: string, more: Partial<GateFinding> = {}) => ({
  ...{ code, detail: `A0 ${says}.`, agentIds: ['A0'], repair: 'rerun', ...more },
});
const doubt = (code: string, says: string, owners: string[] = []) =>
  told(code, says, { owners, repair: 'owners' });

describe('the last word', () => {
  it.each<[string, object, object, object[]]>([
    ['passes without a doubt', {}, {}, []],
    [
      'is told with the owners of the verdict and of the dimensions',
      { verdict: 'hold', owners: ['A3', 'A1'] },
      { owners: ['A2', 'A1'] },
      [doubt('cont-qa-hold', 'says hold', ['A1', 'A2', 'A3'])],
    ],
    [
      'is told, and after it each dimension in doubt',
      { verdict: 'blocked' },
      { architecture: 'concerns', docs: 'blocked', live: 'gap' },
      [
        doubt('cont-qa-blocked', 'says blocked'),
        doubt('gate-architecture-concerns', 'has concerns for architecture'),
        doubt('gate-docs-blocked', 'has blocked for docs'),
      ],
    ],
    [
      'is no pass with a dimension in doubt',
      {},
      { integration: 'blocked', durability: 'gap' },
      [doubt('gate-integration-blocked', 'has blocked for integration')],
    ],
    [
      'passes with gaps, which are told',
      {},
      { durability: 'gap', live: 'gap' },
      [told('conditional-pass', 'passes with a gap in durability, live', { advisory: true })],
    ],
    ['needs not judge every dimension', {}, { docs: null, live: null }, []],
    [
      'judges one dimension at least',
      { verdict: 'blocked' },
      { architecture: null, integration: null, durability: null, live: null, docs: null },
      [told('missing-wave-gate', 'judged no dimension')],
    ],
    ['is a word', { verdict: '' }, {}, [told('missing-cont-qa-verdict', 'gave no verdict')]],
  ])('%s', (_what, verdict, claims, expected) => {
    expect(judge(verdict, claims)).toStrictEqual(expected);
  });

  it.each<[string, object, object]>([
    ['a judgement', {}, told('missing-cont-qa', 'left no cont-QA judgement')],
    [
      'dimensions',
      { 'cont-qa': { verdict: { verdict: 'pass' } } },
      told('missing-wave-gate', 'judged no dimension'),
    ],
    [
      'any of its dimensions',
      { 'cont-qa': { verdict: { verdict: 'pass' }, gateClaims: {} } },
      told('missing-wave-gate', 'judged no dimension'),
    ],
    [
      'a verdict',
      { 'cont-qa': { gateClaims: { docs: 'pass' } } },
      told('missing-cont-qa-verdict', 'gave no verdict'),
    ],
  ])('is asked for where the steward handed off without %s', (_what, judgement, expected) => {
    expect(contQaGate.judge(judgedAs(answering('cont-qa'), judgement))).toStrictEqual([expected]);
  });

  it('is nothing of a steward that has not handed off', () => {
    expect(contQaGate.judge({ ...answering('cont-qa'), handoffs: [] })).toStrictEqual([]);
  });

  it('comes with its report', () => {
    const missing = [told('missing-cont-qa-report', `left no report at ${report}`, { paths: [report] })];
    expect(judge({ verdict: 'hold' }, {}, { reports: { [report]: false } })).toStrictEqual(missing);
    expect(judge({}, {}, { reports: { [report]: true } })).toStrictEqual([]);
  });
});

describe('a pass', () => {
  const others = [implementer('A1', { proofCommands: ['npm test'] })];
  const work = (
    text: string | null,
    changed: Record<string, string[]> = { A1: ['src/a1/slug.ts', 'src/a1/b.ts'] },
  ): Answering => ({
    work: { changed, reportTexts: text === null ? {} : { [report]: text }, broken: [] },
  });
  const namesNothing = told(
    'cont-qa-names-no-change',
    `passes the wave in a report that names nothing that changed, such as src/a1/b.ts (${report})`,
    { paths: [report] },
  );
  const waived: LedgerEntry[] = [
    {
      ...{
        schemaVersion: 1,
        id: '01J00000000000000000000001',
        wave: 'wave-3',
        by: 'sam',
        reason: 'it was there',
      },
      ...{ recordedAt: '2026-01-02T03:04:05Z', type: 'gate.waived', code: 'slice-empty', agentId: 'A1' },
    },
  ];

  it.each<[string, Answering, object[]]>([
    ['counts with a report that names a change', work('The slug holds accents.'), []],
    ['names one of the changes at least', work('It is all well.'), [namesNothing]],
    [
      'says something',
      work('PASS'),
      [
        told('cont-qa-report-empty', `passes it in a report that says nothing (${report})`, {
          paths: [report],
        }),
      ],
    ],
    [
      'has something to judge',
      work('It is all well.', {}),
      [
        told('cont-qa-nothing-changed', 'passes a wave in which nobody changed anything', {
          repair: 'human',
        }),
      ],
    ],
    ['names nothing of a wave that may be empty', { ...work('It is all well.', {}), ledger: waived }, []],
    ['needs no report that could be read', work(null), []],
    ['of less is believed', { ...work('It is all well.'), others: [implementer('A1')] }, []],
    ['without evidence is believed', {}, []],
  ])('%s', (_what, more, expected) => {
    expect(judge({}, {}, { others, ...more })).toStrictEqual(expected);
  });

  it('with a gap names a change too', () => {
    expect(judge({}, { live: 'gap' }, { others, ...work('It is all well.') })).toStrictEqual([namesNothing]);
  });

  it('of a steward that owns no report is held to what changed alone', () => {
    const agent = { ownedPaths: [] };
    expect(judge({}, {}, { others, agent, ...work('PASS') })).toStrictEqual([]);
    expect(judge({}, {}, { others, agent, ...work(null, {}) }).map(({ code }) => code)).toStrictEqual([
      'cont-qa-nothing-changed',
    ]);
  });
});

it.each<[string[], string | null]>([
  [['src/a.ts', 'docs/reviews/x.md'], 'docs/reviews/x.md'],
  [['src/a.ts', 'review/deep/er/x.txt'], 'review/deep/er/x.txt'],
  [['src/a.ts', 'Reviews/x.MD'], 'Reviews/x.MD'],
  [['src/a.ts', 'notes/cont-qa.md'], 'notes/cont-qa.md'],
  [['src/a.ts', 'notes/wave-3-cont-qa-2.txt'], 'notes/wave-3-cont-qa-2.txt'],
  // No reports: then the first path is it.
  [['src/a.ts', 'previews/x.md'], 'src/a.ts'],
  [['src/a.ts', 'reviews.md'], 'src/a.ts'],
  [['src/a.ts', 'reviewsx/x.md'], 'src/a.ts'],
  [['src/a.ts', 'reviews/x.ts'], 'src/a.ts'],
  [['src/a.ts', 'reviews/x.md.ts'], 'src/a.ts'],
  [['src/a.ts', 'reviews/x-md'], 'src/a.ts'],
  [['src/a.ts', 'cont-qa/x.md'], 'src/a.ts'],
  [['src/a.ts', 'cont-qa.md.ts'], 'src/a.ts'],
  [['src/a.ts', 'cont-qa-md'], 'src/a.ts'],
  [[], null],
])('the report of a steward that owns %j is %j', (ownedPaths, path) => {
  expect(contQaGate.reportPath?.(steward('cont-qa', { ownedPaths }))).toBe(path);
  expect(contQaGate.reportPath?.(steward('cont-eval', { ownedPaths }))).toBeNull();
});
