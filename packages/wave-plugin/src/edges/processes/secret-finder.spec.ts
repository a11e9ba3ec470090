import { compileSecretPatterns } from './secret-finder';

async function finderOf(pattern: string) {
  const compiled = await compileSecretPatterns([pattern]);
  if (!compiled.ok) throw new Error(compiled.error[0]?.message);
  const [finder] = compiled.value;
  if (finder === undefined) throw new Error('no finder');
  return finder;
}

describe('compileSecretPatterns', () => {
  it('finds every place', async () => {
    const find = await finderOf('ACME-\\d{3,}|badge [a-z]+');
    expect(find('ACME-1234, badge abc; ACME-12')).toEqual([
      { start: 0, end: 9 },
      { start: 11, end: 20 },
    ]);
  });

  it.each([
    ['an expression that is none', '(a'],
    ['look-behind', '(?<=key )x+'],
    ['a back-reference', '(a)\\1'],
    ['what would hide everything', 'x*'],
    ['a repetition without measure', 'x{1,100000}'],
    ['an expression without measure', 'x'.repeat(1_001)],
  ])('refuses %s and names the key', async (_title, pattern) => {
    const compiled = await compileSecretPatterns(['fine', pattern]);
    expect(compiled).toMatchObject({
      ok: false,
      error: [
        {
          code: 'config-invalid-value',
          message: expect.stringContaining('secrets.patterns.1'),
          next: expect.stringContaining('RE2'),
        },
      ],
    });
  });

  it('refuses more expressions than anyone writes', async () => {
    expect(await compileSecretPatterns(Array.from({ length: 101 }, () => 'a'))).toMatchObject({ ok: false });
  });

  it.each(['(a+)+$', '(a|a)*b', '(.*)*x', 'a*a*a*a*b'])(
    'is not stopped by output that was made for %s',
    async (pattern) => {
      const compiled = await compileSecretPatterns([pattern]);
      for (const find of compiled.ok ? compiled.value : []) {
        const found = find('a'.repeat(200_000) + '!');
        expect(found.every(({ start, end }) => start < end)).toBe(true);
      }
    },
  );

  it('hides the rest of a line whose search takes too long', async () => {
    const find = await finderOf('a[^b]*c|z');
    const line = 'az'.repeat(300_000);
    const found = find(line);
    expect(found[0]).toEqual({ start: 1, end: 2 });
    expect(found.at(-1)?.end).toBe(line.length);
  });
});
