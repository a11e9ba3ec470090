import fc from 'fast-check';
import { createSecretSearch, knownSecrets } from './known-secrets';

/** Put together here, so that no scanner takes this file for a leak. */
const made = (...parts: string[]) => parts.join('');
const value = 'correct-horse-battery-staple';
const keyLine = made('MIIEvQIBADANBgkqhkiG9w0BAQEF', 'AASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj');
const key = `${made('-----BEGIN PRIVATE', ' KEY-----')}\n${keyLine}\nabc=\n${made('-----END PRIVATE', ' KEY-----')}\n`;
const login = JSON.stringify(
  {
    type: 'service_account',
    project_id: 'a-project-of-ours-123',
    client_email: 'robot@a-project-of-ours-123.example',
    private_key: key,
    client_secret: 'not-random-but-long',
    token_uri: 'https://vendor.example/oauth2/token',
  },
  null,
  2,
);

function seen(env: Record<string, string>, text: string, names: string[] = []) {
  return createSecretSearch(knownSecrets(env, names))(text).map(
    ({ secret, line }) => `${secret.variable}:${line}${secret.certain ? '' : '?'}`,
  );
}

describe('a known secret in a file', () => {
  it.each<[string, Record<string, string>, string, string[]]>([
    ['a value of a secret variable', { A_TOKEN: value }, `a\nb ${value}\nc`, ['A_TOKEN:2']],
    ['a value of a harmless variable', { A_PLACE: value }, value, []],
    ['the same value of two variables once', { B_TOKEN: value, A_TOKEN: value }, value, ['A_TOKEN:1']],
    ['a value with a line break around it', { A_TOKEN: `${value}\n` }, value, ['A_TOKEN:1']],
    [
      'JSON that escapes it',
      { A_TOKEN: 'a "quoted" secret value' },
      '"a \\"quoted\\" secret value"',
      ['A_TOKEN:1'],
    ],
    ['base64', { A_TOKEN: value }, Buffer.from(`x:${value}`).toString('base64'), ['A_TOKEN:1']],
    ['text of two bytes a sign', { A_TOKEN: value }, Buffer.from(value, 'utf16le').toString(), ['A_TOKEN:1']],
    ['a short word', { A_TOKEN: 'production' }, 'in production', ['A_TOKEN:1?']],
    ['a short value that no person wrote', { A_TOKEN: 'aB3dE6gH9jK2' }, 'aB3dE6gH9jK2', ['A_TOKEN:1']],
    ['what is too short to be known', { A_TOKEN: 'true' }, 'true', []],
    ['a path', { SSH_KEY: '/people/ada/.ssh/id_ed25519' }, '/people/ada/.ssh/id_ed25519', ['SSH_KEY:1?']],
    [
      'an address',
      { A_SECRET: 'https://vendor.example/token' },
      'https://vendor.example/token',
      ['A_SECRET:1?'],
    ],
    [
      'an address with a known password',
      { DATABASE_URL: 'postgres://ada:postgres@localhost:5432/app' },
      'postgres://ada:postgres@localhost:5432/app',
      ['DATABASE_URL:1?'],
    ],
    [
      'the password of an address',
      { DATABASE_URL: `postgres://ada:${value}@db/app` },
      `PASSWORD=${value}`,
      ['DATABASE_URL:1'],
    ],
    ['a whole key', { A_KEY: key }, `x\n${key}`, ['A_KEY:2', 'A_KEY:3']],
    ['a key with line ends of Windows', { A_KEY: key }, key.replaceAll('\n', '\r\n'), ['A_KEY:1', 'A_KEY:2']],
    ['a line of a key', { A_KEY: key }, keyLine, ['A_KEY:1']],
    ['the first line that every key has', { A_KEY: key }, made('-----BEGIN PRIVATE', ' KEY-----'), []],
    ['a secret of a login', { A_CREDENTIALS: login }, 'not-random-but-long', ['A_CREDENTIALS:1']],
    ['a key of a login', { A_CREDENTIALS: login }, keyLine, ['A_CREDENTIALS:1']],
    [
      'names and addresses of a login',
      { A_CREDENTIALS: login },
      'service_account a-project-of-ours-123 robot@a-project-of-ours-123.example https://vendor.example/oauth2/token',
      [],
    ],
  ])('is told of %s', (_title, env, text, expected) => {
    expect(seen(env, text)).toEqual(expected);
  });

  it('is the value of a variable that the configuration names, too', () => {
    expect(seen({ PLAIN: value }, value, ['PLAIN'])).toEqual(['PLAIN:1']);
  });

  it('is found wherever it stands, and not in texts without its signs', () => {
    const search = createSecretSearch(knownSecrets({ A_TOKEN: value }));
    const other = fc.string({ unit: fc.constantFrom(...'abc \n\\"%') });
    fc.assert(
      fc.property(other, other, (before, after) => {
        expect(search(before + after)).toEqual([]);
        const [hit] = search(before + value + after);
        expect(hit).toMatchObject({ found: value, line: before.split('\n').length });
      }),
    );
  });
});
