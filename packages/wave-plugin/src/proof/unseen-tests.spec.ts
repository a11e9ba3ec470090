import { mayTestUnseen } from './unseen-tests';

const may = (lines: string[], closedExecutors: string[] = []) =>
  mayTestUnseen(
    lines.map((line) => ({ words: line.split(' '), env: {}, cwd: '' })),
    { closedExecutors, isKnown: ({ words }) => words[0] === 'jest' },
  );

describe('tests that nobody sees', () => {
  it.each<[string[], boolean]>([
    [['playwright test'], true],
    [['jest', 'cypress run'], true],
    [['make check'], true],
    [['npm test --workspaces'], true],
    [['ng test'], true],
    [['node tools/run-e2e.mjs'], true],
    [['jest --ci'], false],
    [['tsc --noEmit', 'eslint .'], false],
    [['node tools/lint.mjs'], false],
    [['npm ci'], false],
    [['node tools/latest.mjs'], false],
  ])('%j: %s', (lines, expected) => expect(may(lines)).toBe(expected));

  it('may be behind an executor of Nx, and behind a line that cannot be seen through', () => {
    expect(may(['jest'], ['@acme/tools:check'])).toBe(true);
    expect(may([])).toBe(true);
  });
});
