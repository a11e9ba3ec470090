import { contentNeeds, describeNeed, describeOthers, namesPath } from './lfs-content';

const file = (path: string) => ({ path, topPath: `app/${path}` });
const agent = { ownedPaths: [], deliverables: [], contextPaths: [], proofCommands: [] };

describe('what an agent needs of Git LFS content that is not here', () => {
  it.each([
    ['a file it owns', { ownedPaths: ['art/'] }, [['owned', 'art/']]],
    ['a file it promises', { deliverables: ['art/a.bin'] }, [['owned', 'art/a.bin']]],
    ['a file it reads', { contextPaths: ['art/a.bin'] }, [['context', 'art/a.bin']]],
    [
      'a file a proof command names',
      { proofCommands: ['cmp ./art/a.bin x'] },
      [['proof', 'cmp ./art/a.bin x']],
    ],
    ['nothing of all that', { ownedPaths: ['src/'], proofCommands: ['npm test'] }, []],
  ])('%s', (_what, more, lines) => {
    const needs = contentNeeds({ ...agent, ...more }, [file('art/a.bin')]);
    expect(needs.map(({ kind, line }) => [kind, line])).toEqual(lines);
  });

  it.each([
    ['node check.mjs --in="fixtures/a.bin"', true],
    ['jest test/fixtures', false],
    ['jest fixtures/', true],
    ['jest fixtures', false],
    ['sh -c "cat fixtures/a.bin|wc"', true],
    ['cat fixtures/a.bin2', false],
  ])('`%s` names fixtures/a.bin: %s', (command, names) => {
    expect(namesPath(command, 'fixtures/a.bin')).toBe(names);
  });

  it('gives the one command that brings it, from the top of the repository', () => {
    const [need] = contentNeeds({ ...agent, ownedPaths: ['art/'] }, [file('art/a.bin'), file('art/b.bin')]);
    expect(need && describeNeed(need)).toEqual({
      message:
        'The Git LFS content of `art/a.bin`, `art/b.bin`, which the agent owns, is not on this machine: a checkout has the pointer instead.',
      next: 'git lfs pull --include=app/art/a.bin,app/art/b.bin',
    });
  });

  it('puts no name into the command that a shell or git-lfs would read otherwise', () => {
    expect(describeOthers([file('a b.bin')]).next).toBe('git lfs pull');
    expect(describeOthers([file('$(id).bin')]).next).toBe('git lfs pull');
  });
});
