import type { GateFinding, StageEvidence } from './gate';
import { answering, judgedAs, type Answering } from '../testing/answering-steward';
import { implementer, steward } from '../testing/stewards';
import { designGate } from './design.gate';
import { documentationGate } from './documentation.gate';
import { integrationGate } from './integration.gate';
import { securityGate } from './security.gate';

/** All of a finding but its code, its words and its agent. */
type Told = Pick<GateFinding, 'repair'> & Partial<GateFinding>;

const proving = [implementer('A1', { proofCommands: ['npm test'] }), implementer('A2')];
type Work = NonNullable<StageEvidence['work']>;
const work = (more: Partial<Work> = {}): Answering => ({
  others: proving,
  work: { changed: { A1: ['src/a1/a.ts'] }, reportTexts: {}, broken: [], ...more },
});

describe('the design', () => {
  const packet = 'docs/design/wave-3.md';
  const judge = (designState: object, more: Answering = {}) =>
    designGate.judge(answering('design', { designState }, more));
  const told = (code: string, says: string, more: Told): GateFinding[] => [
    { code, detail: `D1 ${says}.`, agentIds: ['D1'], ...more },
  ];

  it.each<[string, object, Answering, GateFinding[]]>([
    ['is well where implementation may begin', {}, { reports: { [packet]: true } }, []],
    [
      'is told where it is blocked, to the owners that it names',
      { state: 'blocked', owners: ['A2', 'A1'] },
      {},
      told('design-blocked', 'says that the design is blocked', { owners: ['A1', 'A2'], repair: 'owners' }),
    ],
    [
      'is told where it has questions',
      { state: 'needs-clarification', openQuestions: 3 },
      {},
      told('design-needs-clarification', 'says that the design needs clarification (3 open questions)', {
        ...{ owners: [], repair: 'owners' },
      }),
    ],
    [
      'comes with its packet, whatever it says',
      { state: 'blocked' },
      { reports: { [packet]: false } },
      told('missing-design-packet', `left no design packet at ${packet}`, {
        paths: [packet],
        repair: 'rerun',
      }),
    ],
    [
      'needs no packet of a designer that owns none',
      {},
      { reports: { 'src/a.ts': false }, agent: { ownedPaths: ['src/a.ts'] } },
      [],
    ],
  ])('%s', (_what, state, more, expected) => expect(judge(state, more)).toStrictEqual(expected));

  it('has to be there, once the designer has handed off', () => {
    const left = told('missing-wave-design', 'left no design state', { repair: 'rerun' });
    for (const judgement of [{}, { design: {} }])
      expect(designGate.judge(judgedAs(answering('design'), judgement))).toStrictEqual(left);
    expect(designGate.judge({ ...answering('design'), handoffs: [] })).toStrictEqual([]);
  });

  it.each<[string, string | null]>([
    [packet, packet],
    ['Design.MD', 'Design.MD'],
    ['docs/handoff.txt', 'docs/handoff.txt'],
    ['docs/design-notes/deep/er/x.md', 'docs/design-notes/deep/er/x.md'],
    ['docs/decision-lineage.md', 'docs/decision-lineage.md'],
    ['docs/design/x.ts', null],
    ['docs/design/x.md.ts', null],
    ['docs/design-md', null],
    ['docs/plan.md', null],
  ])('owned at %j has the packet %j', (path, expected) => {
    expect(designGate.reportPath?.(steward('design', { ownedPaths: ['src/', path] }))).toBe(expected);
  });

  it('has a packet in its own stage alone, of those who answer for it', () => {
    expect(designGate.reportPath?.(steward('design', { stage: 'implementation' }))).toBeNull();
    expect(designGate.reportPath?.(steward('design', { envelopeRole: 'implementation' }))).toBeNull();
  });
});

describe('a security review', () => {
  const report = 'docs/security/wave-3-security.md';
  const judge = (securityState: object, more: Answering = {}) =>
    securityGate.judge(answering('security', { securityState }, more));
  const told = (code: string, says: string, more: Told): GateFinding[] => [
    { code, detail: `A7 ${says}.`, agentIds: ['A7'], ...more },
  ];
  const says = (text: string) => ({ reportTexts: { [report]: text } });

  it.each<[string, object, Answering, GateFinding[]]>([
    ['is well where it is clear', {}, { reports: { [report]: true } }, []],
    ['is well where its report says something', {}, work(says('No findings.')), []],
    [
      'stops the wave where it blocks, for the owners that it names',
      { state: 'blocked', findings: 2, approvals: 1, owners: ['A2', 'A1'] },
      {},
      told('security-blocked', 'blocks for security (2 findings, 1 approvals outstanding)', {
        ...{ owners: ['A1', 'A2'], repair: 'owners' },
      }),
    ],
    [
      'is told where it has concerns',
      { state: 'concerns', findings: 1 },
      {},
      told('security-concerns', 'has security concerns (1 findings, 0 approvals outstanding)', {
        ...{ repair: 'human', advisory: true },
      }),
    ],
    [
      'is not clear with findings',
      { findings: 1 },
      {},
      told('invalid-security-clear-state', 'says clear and yet reports 1 findings, 0 approvals outstanding', {
        repair: 'rerun',
      }),
    ],
    [
      'is not clear with approvals',
      { approvals: 2 },
      {},
      told('invalid-security-clear-state', 'says clear and yet reports 0 findings, 2 approvals outstanding', {
        repair: 'rerun',
      }),
    ],
    [
      'comes with its report, whatever it says',
      { state: 'blocked' },
      { reports: { [report]: false } },
      told('missing-security-report', `left no security report at ${report}`, {
        ...{ paths: [report], repair: 'rerun' },
      }),
    ],
    [
      'is not clear in a report that says nothing',
      {},
      work(says('PASS')),
      told('security-report-empty', `passes it in a report that says nothing (${report})`, {
        ...{ paths: [report], repair: 'rerun' },
      }),
    ],
    [
      'is not clear of nothing',
      {},
      work({ changed: {} }),
      told('security-nothing-changed', 'passes a wave in which nobody changed anything', { repair: 'human' }),
    ],
  ])('%s', (_what, state, more, expected) => expect(judge(state, more)).toStrictEqual(expected));

  it('has to be there, once the reviewer has handed off', () => {
    const left = told('missing-wave-security', 'left no security state', { repair: 'rerun' });
    for (const judgement of [{}, { security: {} }])
      expect(securityGate.judge(judgedAs(answering('security'), judgement))).toStrictEqual(left);
    expect(securityGate.judge({ ...answering('security'), handoffs: [] })).toStrictEqual([]);
  });

  it.each<[string, string | null]>([
    [report, report],
    ['Security.TXT', 'Security.TXT'],
    ['security/wave.md', 'security/wave.md'],
    ['security/wave.ts', null],
    ['security/wave.md.ts', null],
    ['security-md', null],
    ['docs/review.md', null],
  ])('owned at %j has the report %j', (path, expected) => {
    expect(securityGate.reportPath?.(steward('security', { ownedPaths: ['src/', path] }))).toBe(expected);
    expect(securityGate.reportPath?.(steward('cont-qa', { ownedPaths: ['src/', path] }))).toBeNull();
  });
});

describe('the documentation', () => {
  const judge = (docClosure: object, more: Answering = {}) =>
    documentationGate.judge(answering('documentation', { docClosure }, more));
  const told = (code: string, says: string, more: Told): GateFinding[] => [
    { code, detail: `A9 ${says}.`, agentIds: ['A9'], ...more },
  ];
  const unchanged = told(
    'doc-closure-unchanged',
    'says that the documents are closed, and no document changed in this wave (`no-change` is the word for that)',
    { repair: 'rerun' },
  );

  it.each<[string, object, Answering, GateFinding[]]>([
    ['is closed with a document of its steward', {}, work({ changed: { A9: ['docs/matrix.json'] } }), []],
    ['is closed with a document of another', {}, work({ changed: { A1: ['a.ts', 'README.md'] } }), []],
    [
      'is not closed where nobody changed a document',
      {},
      work({ changed: { A1: ['a.ts'], A9: [] } }),
      unchanged,
    ],
    ['is not closed where nobody changed anything', {}, work({ changed: {} }), unchanged],
    ['is believed where nothing is proved', {}, { ...work(), others: [implementer('A1')] }, []],
    ['is believed where nobody asks', {}, { others: proving }, []],
    ['may be left as it is', { state: 'no-change' }, work({ changed: {} }), []],
    [
      'is told where work is left, sorted, to the owners that it names',
      { state: 'delta', paths: ['docs/b.md', 'docs/a.md'], owners: ['A2', 'A1'] },
      {},
      told('doc-closure-open', 'says that documentation work is left in docs/a.md, docs/b.md', {
        ...{ paths: ['docs/a.md', 'docs/b.md'], owners: ['A1', 'A2'], repair: 'owners' },
      }),
    ],
    [
      'is told where work is left that has no path',
      { state: 'delta', paths: [] },
      {},
      told('doc-closure-open', 'says that documentation work is left', {
        ...{ paths: [], owners: [], repair: 'owners' },
      }),
    ],
  ])('%s', (_what, state, more, expected) => {
    expect(judge(state, more)).toStrictEqual(expected);
  });

  it('has to be there, once the steward has handed off', () => {
    const left = told('missing-doc-closure', 'left no documentation closure', { repair: 'rerun' });
    for (const judgement of [{}, { documentation: {} }])
      expect(documentationGate.judge(judgedAs(answering('documentation'), judgement))).toStrictEqual(left);
    expect(documentationGate.judge({ ...answering('documentation'), handoffs: [] })).toStrictEqual([]);
  });
});

describe('the integration', () => {
  const judge = (integrationState: object, more: Answering = {}) =>
    integrationGate.judge(answering('integration', { integrationState }, more));
  const told = (code: string, says: string, more: Told): GateFinding[] => [
    { code, detail: `A8 ${says}.`, agentIds: ['A8'], ...more },
  ];
  const brokenAt = (...paths: string[]) =>
    paths.map((path, at) => ({ path, line: at + 1, what: 'imports ./x, which is not there' }));
  const at = (path: string, line: number) => `${path}:${line} imports ./x, which is not there`;

  it.each<[string, object, Answering, GateFinding[]]>([
    ['is ready on a whole tree', {}, work(), []],
    [
      'is told where more work is needed, to the owners that it names',
      { state: 'needs-more-work', claims: 1, conflicts: 2, blockers: 3, owners: ['A2', 'A1'] },
      {},
      told('integration-needs-more-work', 'says needs-more-work (1 claims, 2 conflicts, 3 blockers)', {
        ...{ owners: ['A1', 'A2'], repair: 'owners' },
      }),
    ],
    [
      'is not ready where nobody changed anything',
      {},
      work({ changed: {} }),
      told('integration-nothing-changed', 'passes a wave in which nobody changed anything', {
        repair: 'human',
      }),
    ],
    [
      'is not ready where sources lead nowhere, and their owners are named',
      {},
      work({
        changed: { A2: ['b.ts'], A3: ['c.ts'], A1: ['x.ts', 'a.ts'] },
        broken: brokenAt('b.ts', 'a.ts', 'b.ts'),
      }),
      told(
        'integration-tree-broken',
        `says ready, and on the merged tree ${[at('b.ts', 1), at('a.ts', 2), at('b.ts', 3)].join('; ')}`,
        { paths: ['a.ts', 'b.ts'], owners: ['A1', 'A2'], repair: 'owners' },
      ),
    ],
    ['is believed where nothing is proved', {}, { ...work({ broken: brokenAt('a.ts') }), others: [] }, []],
    ['is believed where nobody asks', {}, { others: proving }, []],
  ])('%s', (_what, state, more, expected) => expect(judge(state, more)).toStrictEqual(expected));

  it.each([
    [5, ''],
    [7, ' (and 2 more)'],
  ])('tells the first five of %d places', (many, rest) => {
    const paths = Array.from({ length: many }, (_, index) => `${index}.ts`);
    const [found] = judge({}, work({ broken: brokenAt(...paths) }));
    const first = paths.slice(0, 5).map((path, index) => at(path, index + 1));
    expect(found?.detail).toBe(`A8 says ready, and on the merged tree ${first.join('; ')}${rest}.`);
  });

  it('has to be there, once the steward has handed off', () => {
    const left = told('missing-wave-integration', 'left no integration state', { repair: 'rerun' });
    for (const judgement of [{}, { integration: {} }])
      expect(integrationGate.judge(judgedAs(answering('integration'), judgement))).toStrictEqual(left);
    expect(integrationGate.judge({ ...answering('integration'), handoffs: [] })).toStrictEqual([]);
  });
});
