import { onlyLooks } from './checkers';

const starts = (...programs: string[]) =>
  onlyLooks(programs.map((line) => ({ words: line.split(' ').filter(Boolean), env: {}, cwd: '' })));

describe('a command that only looks at texts and types', () => {
  it.each([
    ['eslint .', true],
    ['prettier --check src', true],
    ['tsc -p . --noEmit', true],
    ['vue-tsc --noEmit', true],
    ['svelte-check', true],
    // It leaves files behind that the next command may run.
    ['tsc -p .', false],
    ['vue-tsc', false],
    ['node --test', false],
    ['jest', false],
    ['eslint-and-test', false],
  ])('`%s`: %s', (line, looks) => {
    expect(starts(line)).toBe(looks);
  });

  it('starts nothing else besides', () => {
    expect(starts('eslint .', 'tsc --noEmit')).toBe(true);
    expect(starts('eslint .', 'jest')).toBe(false);
  });

  it('is none where nothing is known of what it starts', () => {
    expect(starts()).toBe(false);
    expect(starts('')).toBe(false);
  });
});
