import type { LedgerEntry } from '@nx-wave/schemas';
import { buildStrength, buildWave } from '../testing/resolved';
import { buildEvidence } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import type { StageEvidence } from './gate';
import { isHeldToEvidence, lackOf, namesAny, saysNothing, workOf } from './steward-evidence';

describe('a report', () => {
  it.each([
    ['', true],
    ['PASS\n', true],
    ['# Review of wave 1\n\nPASS', true],
    ['Review of wave 1\n================\n\n**PASS**\n', true],
    ['# Everything is well\n', true],
    ['- \n\n---\n', true],
    ['No findings.', false],
    ['# Review\n\nThe slug was read.', false],
    ['Нет замечаний.', false],
    ['   ### Everything is well here', true],
    ['Review of wave 1\n  ---  \nPASS', true],
    ['<!-- Say what you have read,\nand why. -->\nPASS', true],
    ['<!-- What? -->No findings.<!-- Why? -->', false],
    // No headings: a rule below a paragraph, a hash within a line, in code or one too many.
    ['No findings here.\n\n---\n', false],
    ['#\nNo findings.', false],
    ['Nothing # wrong here', false],
    ['ab# wrong here', false],
    ['    # wrong here', false],
    ['####### wrong here', false],
    ['#wrong here', false],
    ['Nothing wrong here\n--- PASS', false],
    ['Nothing wrong here\nPASS ---', false],
    ['Nothing wrong here\nPASS---', false],
    ['Nothing wrong here\n---PASS', false],
  ])('%j says nothing: %s', (text, expected) => expect(saysNothing(text)).toBe(expected));

  const paths = ['src/text/rate-limiter.ts', 'src/index.ts', 'db/x.sql'];
  it.each([
    ['src/text/rate-limiter.ts was read.', true],
    ['Read `rate-limiter.ts`.', true],
    ['The RateLimiter holds back.', true],
    ['The rate limiter holds back.', true],
    ['All of src/text was read.', true],
    ['The new index.ts is fine.', true],
    ['The table x has a key.', true],
    ['The index is fine, all tests pass.', false],
    ['All is well, examples included.', false],
    ['Verdict: PASS', false],
    ['', false],
  ])('%j names a change: %s', (text, expected) => expect(namesAny(text, paths)).toBe(expected));

  it.each<[string, string, boolean]>([
    ['a file of the root', 'The Makefile is fine.', true],
    ['makefile', 'The README is fine.', false],
    ['src/text/slug.spec.ts', 'The slugs are fine.', true],
    ['.eslintrc.json', 'The eslintrc is fine.', true],
    ['src/rate--limiter.ts', 'The rate limiter is fine.', true],
    ['src/_x.sql', 'The table x is fine.', true],
    ['src/straße2go.ts', 'Straße2go is fine.', true],
    // A short name is a word of its own, and a common one is none.
    ['src/api.ts', 'The capital is fine.', false],
    ['src/api.ts', 'The API is fine.', true],
    ['src/indexes.ts', 'The indexes are fine.', true],
    ['src/reindex.ts', 'The reindex is fine.', true],
    ['src/util.ts', 'The util is fine.', false],
    ['src/utils.ts', 'The utils are fine.', false],
    // A folder of one word says too little.
    ['src/a.ts', 'All of src was read.', false],
    ['src/Text/a.ts', 'All of SRC/TEXT was read.', true],
    ['src/-.ts', '', false],
  ])('names %s in %j: %s', (path, text, expected) => {
    expect(namesAny(text, [path === 'a file of the root' ? 'Makefile' : path])).toBe(expected);
  });
});

describe('the word of a steward', () => {
  const proving = { proofCommands: ['npm test'] };
  const held = (
    { level = 'checked', required = false }: { level?: 'checked' | 'exit'; required?: boolean },
    agents: ReturnType<typeof implementer>[],
    testCommand: string | null = null,
  ) =>
    isHeldToEvidence(
      buildWave(agents, { testCommand }),
      steward('security', { proofStrength: buildStrength({ level, required }) }),
    );

  it.each<[string, boolean, boolean]>([
    ['nothing is proved', held({}, [implementer('A1')]), false],
    ['somebody proves something', held({}, [implementer('A2'), implementer('A1', proving)]), true],
    ['somebody of its own stage does', held({}, [steward('security', proving)]), true],
    ['only somebody after it does', held({}, [implementer('A1'), steward('cont-qa', proving)]), false],
    ['the workspace has a test command', held({}, [implementer('A1')], 'npm test'), true],
    ['it has to be measured', held({ required: true }, [implementer('A1')]), true],
    [
      'less is meant of it',
      held({ level: 'exit', required: true }, [implementer('A1', proving)], 'npm test'),
      false,
    ],
  ])('is held to evidence or not, where %s', (_where, is, expected) => expect(is).toBe(expected));

  const judge = steward('security');
  const agents = [
    implementer('A1', proving),
    implementer('A2'),
    steward('cont-eval', { implementationOwning: true }),
    judge,
    steward('integration'),
    steward('documentation'),
  ];
  const wave = buildWave(agents);
  type Work = NonNullable<StageEvidence['work']>;
  const work = (changed: Work['changed'], reportTexts: Work['reportTexts'] = {}): Work => ({
    ...{ changed, reportTexts, broken: [] },
  });

  it('is about what others changed, each path once, without the reports of judges', () => {
    const changed = {
      A2: ['src/z.ts', 'notes.md'],
      A1: ['src/z.ts', 'src/a.ts'],
      E0: ['evals/e.json'],
      A7: ['src/own.ts'],
      A8: ['r.md', 'R.TXT', 'r.json', 'r.md.ts', 'r-md'],
      A9: ['docs/a.md'],
      A0: ['src/of-nobody.ts'],
    };
    expect(workOf(wave, work(changed), judge)).toStrictEqual([
      ...['docs/a.md', 'evals/e.json', 'notes.md', 'r-md', 'r.md.ts', 'src/a.ts', 'src/z.ts'],
    ]);
  });

  const waiver = (agentId: string, code: string): LedgerEntry => ({
    ...{
      schemaVersion: 1,
      id: '01J00000000000000000000001',
      wave: 'wave-3',
      by: 'sam',
      reason: 'it was there',
    },
    ...{ recordedAt: '2026-01-02T03:04:05Z', type: 'gate.waived', code, agentId },
  });
  const empty = { lack: 'empty-report', says: 'passes it in a report that says nothing (r.md)' };
  const nothing = { lack: 'nothing-changed', says: 'passes a wave in which nobody changed anything' };

  it.each<[string, Partial<StageEvidence>, string | null, object | null]>([
    ['nothing where nobody asks', {}, 'r.md', null],
    [
      'nothing where something changed',
      { work: work({ A1: ['a.ts'] }, { 'r.md': 'All was read.' }) },
      'r.md',
      null,
    ],
    ['a report that says something', { work: work({ A1: ['a.ts'] }, { 'r.md': 'PASS' }) }, 'r.md', empty],
    ['nothing of a report of another', { work: work({ A1: ['a.ts'] }, { 'q.md': 'PASS' }) }, 'r.md', null],
    [
      'nothing of a report where none is owed',
      { work: work({ A1: ['a.ts'] }, { 'r.md': 'PASS' }) },
      null,
      null,
    ],
    ['a change', { work: work({ A7: ['r.md'] }) }, null, nothing],
    [
      'no change where a person says so',
      { work: work({}), ledger: [waiver('A2', 'slice-empty')] },
      null,
      null,
    ],
    [
      'a change where a person has said something else',
      { work: work({}), ledger: [waiver('A2', 'outside-writes'), waiver('B9', 'slice-empty')] },
      null,
      nothing,
    ],
    [
      'nothing in a wave that proves nothing',
      { work: work({}, { 'r.md': 'PASS' }), wave: buildWave([implementer('A1')]) },
      'r.md',
      null,
    ],
  ])('lacks %s', (_what, more, written, expected) => {
    expect(lackOf(buildEvidence(wave, 'security', more), judge, written)).toStrictEqual(expected);
  });
});
