// Tests the options that with-wave.ts and its doors take: schema.json of each executor.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { combineOptionsForExecutor } from 'nx/src/utils/params';

/** Names that Nx's own command line takes before an executor sees them, aliases included, read from Nx itself. */
function takenByNx(): Set<string> {
  const nx = dirname(require.resolve('nx/package.json'));
  const text = readFileSync(join(nx, 'dist/src/command-line/yargs-utils/shared-options.js'), 'utf8');
  const names = [...text.matchAll(/\.option\('([\w-]+)'|alias: '([\w-]+)'/g)].map(([, a, b]) => a ?? b ?? '');
  return new Set(names);
}

describe('options of the targets', () => {
  const schemas = readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it('can be read from Nx', () =>
    expect([...takenByNx()]).toEqual(expect.arrayContaining(['agents', 'verbose'])));

  it.each(schemas)('of %s reach it: none has the name of an option of Nx', (name) => {
    const schema = JSON.parse(readFileSync(join(__dirname, name, 'schema.json'), 'utf8')) as {
      properties: Record<string, unknown>;
    };
    const taken = takenByNx();
    expect(Object.keys(schema.properties).filter((option) => taken.has(option))).toEqual([]);
  });

  // `land --dryRunn` would land, and `launch --executr=local` would pay.
  it.each(schemas.filter((name) => name !== 'broken'))(
    'of %s are all that it takes: Nx refuses a mistyped one',
    (name) => {
      const schema = JSON.parse(readFileSync(join(__dirname, name, 'schema.json'), 'utf8')) as {
        properties: Record<string, { enum?: string[] }>;
        required?: string[];
      };
      const given = Object.fromEntries(
        (schema.required ?? []).map((option) => [option, schema.properties[option]?.enum?.[0] ?? 'A1']),
      );
      const read = (options: Record<string, unknown>) =>
        combineOptionsForExecutor(
          { ...given, ...options, __overrides_unparsed__: [] } as never,
          '',
          { options: {} },
          schema as never,
          'wave-1',
          '',
        );
      expect(read({})).toMatchObject(given);
      for (const option of ['mistyped', ...Object.keys(schema.properties).map((known) => `${known}x`)])
        expect(() => read({ [option]: true })).toThrow(`'${option}' is not found in schema`);
    },
  );
});
