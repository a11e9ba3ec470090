import { readArguments } from './read-arguments';

describe('the command line of nx-wave', () => {
  it.each([
    ['nothing', [], { command: 'help' }],
    ['--help', ['--help'], { command: 'help' }],
    ['help of a command', ['envelope', '--help'], { command: 'help' }],
    [
      'an envelope',
      ['envelope', '--detail', 'It is there.', '--doc', 'a.md', '--doc=b.md'],
      { command: 'envelope', values: { detail: 'It is there.', doc: ['a.md', 'b.md'] } },
    ],
    [
      'a check after each save',
      ['check', 'wave-1.md', '--watch'],
      { command: 'check', file: 'wave-1.md', watch: true },
    ],
    ['a check', ['check', 'wave-1.md'], { command: 'check', file: 'wave-1.md', watch: false }],
    ['a check of nothing', ['check'], null],
    ['a check of two', ['check', 'a.md', 'b.md'], null],
    ['an envelope with a word too many', ['envelope', 'wave-1.md'], null],
    ['another command', ['chekc', 'wave-1.md'], null],
  ])('reads %s', (_, args, expected) => {
    expect(readArguments(args)).toEqual(expected);
  });

  it.each([
    ['a mistyped option', ['check', 'wave-1.md', '--wacth'], /--wacth/],
    ['an option of another command', ['check', 'wave-1.md', '--detail=x'], /--detail/],
    ['an option without its value', ['envelope', '--detail'], /--detail/],
  ])('refuses %s by its name', (_, args, message) => {
    expect(() => readArguments(args)).toThrow(message);
  });
});
