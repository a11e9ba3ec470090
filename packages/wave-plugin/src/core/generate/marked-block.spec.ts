import { withMarkedBlock } from './marked-block';

const textOf = (before: string | null, block: string) => {
  const result = withMarkedBlock(before, block);
  if (!result.ok) throw new Error(result.problem);
  return result.text;
};

describe('withMarkedBlock', () => {
  it.each([
    ['no file', null, ''],
    ['a file', '# Rules\n', '# Rules\n\n'],
    ['a last line without an end', '# Rules', '# Rules\n\n'],
  ])('adds its block to %s, once', (_, before, kept) => {
    const first = textOf(before, 'Ours.');
    expect(first).toBe(`${kept}<!-- nx-wave:begin -->\n\nOurs.\n\n<!-- nx-wave:end -->\n`);
    expect(textOf(first, 'Ours.')).toBeNull();
  });

  it('replaces its block and nothing else', () => {
    const before = `# Rules\n\n${textOf(null, 'Old.') ?? ''}\nMore of theirs.\n`;
    expect(textOf(before, 'New.')).toBe(before.replace('Old.', 'New.'));
  });

  it.each([
    '<!-- nx-wave:begin -->\n',
    '<!-- nx-wave:end -->\n',
    '<!-- nx-wave:end --> <!-- nx-wave:begin -->',
  ])('refuses a file in which a mark is lost: %j', (before) => {
    expect(withMarkedBlock(before, 'Ours.')).toMatchObject({ ok: false });
  });
});
