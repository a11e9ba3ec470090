import { buildWave } from '../testing/resolved';
import { buildEvidence, buildHandoff } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import { firstOwned, handoffOf, missingReport, namedOwners, unitsAnswering, unitsOfRole } from './gate';
import { readSection, reportedBlockers } from './sections';

const qa = steward('cont-qa');
const asQa = implementer('A1', { envelopeRole: 'cont-qa' });
const wave = buildWave([qa, asQa, implementer('A2', { role: 'infra' }), steward('security')]);
const ids = (agents: { unitId: string }[]) => agents.map(({ unitId }) => unitId);

describe('whom a gate asks', () => {
  it('is who answers with its envelope in the judged stage, whatever the role', () => {
    expect(ids(unitsAnswering(buildEvidence(wave, 'cont-qa'), 'cont-qa'))).toStrictEqual(['A0']);
    expect(ids(unitsAnswering(buildEvidence(wave, 'implementation'), 'cont-qa'))).toStrictEqual(['A1']);
  });

  it('is who has the role in the judged stage', () => {
    expect(ids(unitsOfRole(buildEvidence(wave, 'implementation'), 'infra'))).toStrictEqual(['A2']);
    expect(ids(unitsOfRole(buildEvidence(wave, 'cont-qa'), 'infra'))).toStrictEqual([]);
  });

  it('has handed off in its own stage', () => {
    const handoff = buildHandoff(qa);
    const evidence = (handoffs: (typeof handoff)[]) => buildEvidence(wave, 'cont-qa', { handoffs });
    expect(handoffOf(evidence([buildHandoff(asQa), handoff]), qa)).toBe(handoff);
    expect(handoffOf(evidence([{ ...handoff, stage: 'security' }]), qa)).toBeUndefined();
    expect(handoffOf(evidence([{ ...handoff, agentId: 'A1' }]), qa)).toBeUndefined();
  });
});

it.each<[unknown, string[]]>([
  [{ owners: ['A2', 'A1', 'A2'] }, ['A1', 'A2']],
  [{ owners: ['A2', 3, null] }, ['A2']],
  [{ owners: 'A2' }, []],
  [{}, []],
  [null, []],
  [undefined, []],
  ['A2', []],
])('the owners that %j names are %j', (section, owners) => {
  expect(namedOwners(section)).toStrictEqual(owners);
});

it('the first owned path of a kind is the first that fits, or none', () => {
  const agent = implementer('A1', { ownedPaths: ['a.ts', 'b.md', 'c.md'] });
  expect(firstOwned(agent, /\.md$/)).toBe('b.md');
  expect(firstOwned(agent, /\.txt$/)).toBeNull();
});

it.each<[string, Record<string, boolean> | undefined, string | null, string | null]>([
  ['is not there', { 'b.md': false, 'a.md': false }, 'a.md', 'a.md'],
  ['is there', { 'b.md': false, 'a.md': true }, 'a.md', null],
  ['was not looked for', { 'b.md': false }, 'a.md', null],
  ['is not wanted', { 'b.md': false }, null, null],
  ['is of a stage without reports', undefined, 'a.md', null],
])(
  'a report is missing only where it is known not to be there: one that %s',
  (_what, reports, path, missing) => {
    expect(missingReport(buildEvidence(wave, 'cont-qa', reports ? { reports } : {}), path)).toBe(missing);
  },
);

describe('what a handoff says', () => {
  const section = { verdict: { verdict: 'pass' } };
  it.each([
    ['its section', section, section],
    ['nothing for a list', [section], undefined],
    ['nothing for a word', 'pass', undefined],
    ['nothing for null', null, undefined],
  ])('is %s', (_what, written, read) => {
    expect(readSection({ judgement: { 'cont-qa': written } }, 'cont-qa')).toBe(read);
  });

  it('is nothing where the section is not there', () => {
    expect(readSection({ judgement: {} }, 'cont-qa')).toBeUndefined();
  });

  it('names as blockers the texts of its list', () => {
    expect(reportedBlockers({ judgement: { blockers: ['schema', 3, 'access'] } })).toStrictEqual([
      'schema',
      'access',
    ]);
    expect(reportedBlockers({ judgement: { blockers: 'schema' } })).toStrictEqual([]);
    expect(reportedBlockers({ judgement: {} })).toStrictEqual([]);
  });
});
