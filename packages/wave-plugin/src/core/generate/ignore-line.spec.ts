import { withIgnoredFolder } from './ignore-line';

describe('withIgnoredFolder', () => {
  it.each([
    ['no file', null, '.tmp/\n'],
    ['an empty file', '', '.tmp/\n'],
    ['a file', 'node_modules\n', 'node_modules\n.tmp/\n'],
    ['a last line without an end', 'node_modules', 'node_modules\n.tmp/\n'],
    ['line ends of Windows', 'dist\r\nout', 'dist\r\nout\r\n.tmp/\r\n'],
    ['another folder of a longer name', 'sub/.tmp/\n.tmp2\n', 'sub/.tmp/\n.tmp2\n.tmp/\n'],
    ['a comment', '# .tmp/\n', '# .tmp/\n.tmp/\n'],
    ['a line that takes it back', '.tmp/\n!.tmp/\n', '.tmp/\n!.tmp/\n.tmp/\n'],
  ])('adds the line to %s', (_, before, after) => {
    expect(withIgnoredFolder(before, '.tmp')).toBe(after);
  });

  it.each(['.tmp', '.tmp/', '/.tmp', '/.tmp/  ', '**/.tmp/'])('leaves a file with "%s" alone', (line) => {
    expect(withIgnoredFolder(`dist\n${line}\n`, '.tmp')).toBeNull();
  });

  it('has nothing to do the second time', () => {
    expect(withIgnoredFolder(withIgnoredFolder('dist', '.tmp'), '.tmp')).toBeNull();
  });
});
