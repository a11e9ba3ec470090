import fc from 'fast-check';
import { createLineSplitter, leftOut } from './lines';
import { createRedactor, placeholder } from './redact';
import { compileSecretPatterns } from './secret-finder';

const none = createRedactor({ env: {} });
/** Put together here, so that no scanner takes this file for a leak. */
const made = (...parts: string[]) => parts.join('');
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describe('createRedactor', () => {
  it.each([
    ['an API key', made('sk-', 'ant-api03-', letters)],
    ['a GitHub token', made('ghp', '_', letters.slice(0, 36))],
    ['an npm token', made('npm', '_', letters.slice(0, 36))],
    ['an AWS key id', made('AKIA', 'ABCDEFGHIJKLMNOP')],
    ['a Google key', made('AIza', letters.slice(0, 35))],
    ['a 1Password token', made('ops', '_eyJ', letters)],
    ['a Databricks token', made('dapi', '0123456789abcdef0123456789abcdef')],
    ['a Groq key', made('gsk', '_', letters.slice(0, 52))],
    ['a Mailchimp key', made('0123456789abcdef0123456789abcdef', '-us12')],
    [
      'an age key',
      made('AGE-SECRET', '-KEY-1', 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE'),
    ],
    ['a web token', made('eyJ', letters.slice(0, 20), '.eyJ', letters.slice(0, 20), '.', letters)],
    [
      'a private key block',
      made('-----BEGIN PGP PRIVATE', ' KEY BLOCK-----\\nabc\\n-----END PGP PRIVATE', ' KEY BLOCK-----'),
    ],
    [
      'a private key in one line',
      made('-----BEGIN RSA PRIVATE', ' KEY-----\\nabc\\n-----END RSA PRIVATE', ' KEY-----'),
    ],
  ])('hides %s wherever it stands', (_title, secret) => {
    expect(none.redact(`before "${secret}" after`)).toBe(`before "${placeholder}" after`);
  });

  it.each([
    ['Authorization: Bearer abcdefghijkl1234', 'Authorization: Bearer [redacted]'],
    ['postgres://me:hunter22@db/x', 'postgres://me:[redacted]@db/x'],
    ['//registry/:_authToken=abcdef', '//registry/:_authToken=[redacted]'],
    ['"api_key": "a1b2c3d4e5f6a7b8c9"', '"api_key": "[redacted]"'],
    [String.raw`{"text":"API_KEY=\"a1b2c3d4e5f6a7b8c9\""}`, String.raw`{"text":"API_KEY=\"[redacted]\""}`],
  ])('keeps what is around it: %s', (text, expected) => {
    expect(none.redact(text)).toBe(expected);
  });

  it.each([
    'const token: string = readToken();',
    'tokens: 12000 in, 400 out',
    'password: process.env.PASSWORD_OF_NOBODY',
    'git commit 1f0c2d3b4a5968778695a4b3c2d1e0f001122334',
    'http://localhost:4211/project',
    'see https://example.com:8080/@scope/pkg',
  ])('leaves alone what is no secret: %s', (text) => {
    expect(none.redact(text)).toBe(text);
  });

  it('hides values of secret-looking variables in every usual form, and no others', () => {
    const redactor = createRedactor({
      env: {
        DB_PASSWORD: 'p"ss word/1',
        SERVICE_KEY: 'short',
        HOME: '/somewhere/of',
        PWD: '/somewhere/of/mine',
      },
    });
    const forms = [
      'p"ss word/1',
      'p\\"ss word/1',
      'p%22ss%20word%2F1',
      Buffer.from('p"ss word/1').toString('base64'),
    ];
    for (const form of forms) expect(redactor.redact(`<${form}`)).not.toContain(form.replace(/=+$/, ''));
    expect(redactor.redact('short /somewhere/of/mine')).toBe('short /somewhere/of/mine');
  });

  it('hides what the configuration names, also where an endless line is cut', async () => {
    const finders = await compileSecretPatterns(['ACME-[0-9]+', '[0-9]{3}-0{900}']);
    if (!finders.ok) throw new Error(finders.error[0]?.message);
    const redactor = createRedactor({
      env: { PLAIN: 'visible-no-more' },
      names: ['PLAIN'],
      finders: finders.value,
    });
    expect(redactor.redact('visible-no-more ACME-123')).toBe(`${placeholder} ${placeholder}`);
    expect(redactor.redact('xACME-1ACME-22y')).toBe(`x${placeholder}${placeholder}y`);
    const long = `ACME-${'7'.repeat(9_000)}`;
    expect(redactor.safeCut(`before ${long}`, long.length + 7)).toBe(7);
  });

  it('hides known values, and nothing by its form alone, where everything is to be kept', () => {
    const keyId = made('AKIA', 'ABCDEFGHIJKLMNOP');
    const redactor = createRedactor({ env: { A_TOKEN: 'abcdefgh' }, byForm: false });
    expect(redactor.redact(`${keyId} abcdefgh`)).toBe(`${keyId} ${placeholder}`);
    expect(createRedactor({ env: {}, byForm: false }).redact(keyId)).toBe(keyId);
  });

  it('hides a value in JSON that is quoted in JSON', () => {
    const redactor = createRedactor({ env: { A_TOKEN: 'ab"cd\\efgh' } });
    const event = JSON.stringify({ result: JSON.stringify({ key: 'ab"cd\\efgh' }) });
    expect(redactor.redact(event)).not.toContain('efgh');
  });

  it.each(
    [
      'eyJ',
      '-eyJ',
      'sk-',
      'SG.',
      'token=',
      'token: ',
      'https://a:',
      'Bearer ',
      '-----BEGIN ',
      'a.eyJa',
      'x@',
      'AccountKey=',
    ].map((piece) => [piece]),
  )('needs time in proportion to its text for a line of nothing but %j', (piece) => {
    const line = piece.repeat(Math.ceil(600_000 / piece.length));
    // The square of this length would outlast every limit of a test.
    none.redact(line);
    none.redact(`${line}${'a'.repeat(600_000)}`);
    expect(none.safeCut(line, line.length)).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['JSON of a program that escapes for the web', String.raw`{"k":"a\u0026b\u003cc\u002fd-1234"}`],
    ['the same in JSON', String.raw`{"t":"{\"k\":\"a\\u0026b\\u003Cc\/d-1234\"}"}`],
    ['a form', 'k=a%26b%3Cc%2fd-1234'],
    ['base64 after other words', Buffer.from('user:a&b<c/d-1234 and more').toString('base64')],
    ['base64 for a URL', Buffer.from('xa&b<c/d-1234').toString('base64url')],
    ['hexadecimal digits', Buffer.from('a&b<c/d-1234').toString('hex').toUpperCase()],
  ])('hides a known value in %s', (_title, text) => {
    const shown = createRedactor({ env: { A_TOKEN: 'a&b<c/d-1234' } }).redact(text);
    expect(shown).toContain(placeholder);
    expect(shown).not.toMatch(/d-1234|ZC0xMjM0|2D31323334/i);
  });

  it('hides a value with any signs in any depth of JSON and wherever it begins in base64', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
      .filter((text) => text.trim().length >= 8 && !/[\r\n]/.test(text) && !/^\s*[[{]/.test(text));
    fc.assert(
      fc.property(value, fc.nat(4), fc.string({ maxLength: 5 }), (secret, depth, before) => {
        const redactor = createRedactor({ env: { A_TOKEN: secret }, byForm: false });
        let text = secret;
        for (let level = 0; level < depth; level += 1) text = JSON.stringify({ x: text });
        expect(redactor.redact(text)).toContain(placeholder);
        expect(redactor.redact(encodeURIComponent(secret))).toContain(placeholder);
        expect(redactor.redact(Buffer.from(before + secret).toString('base64'))).toContain(placeholder);
      }),
    );
  });

  it('hides what stands in a login that is kept as JSON', () => {
    const login = JSON.stringify({
      vendor: { type: 'api', key: 'abcdefghijklmnopqrst', url: 'https://vendor.example/x' },
    });
    const redactor = createRedactor({ env: { OPENCODE_AUTH_CONTENT: login } });
    expect(redactor.redact('key is abcdefghijklmnopqrst at https://vendor.example/x')).toBe(
      `key is ${placeholder} at https://vendor.example/x`,
    );
  });

  it('needs time in proportion to its text, whatever signs a value is made of', () => {
    const redactor = createRedactor({ env: { A_TOKEN: '\\\\"/"\\&"\\\\', B_TOKEN: '""' } });
    for (const piece of ['\\', '\\"', 'u0022', '%22', '"'])
      redactor.redact(piece.repeat(Math.ceil(600_000 / piece.length)));
  });

  it('hides what it cannot search: megabytes of one word that looks like a secret', () => {
    const endless = `before sk-${'a'.repeat(9 * 1024 * 1024)}`;
    expect(none.redact(endless)).not.toContain('aaaaaaaaaa');
    expect(none.createLineRedactor()(endless)).not.toContain('aaaaaaaaaa');
    expect(none.safeCut(endless, endless.length)).toBeLessThan(10);
  });

  it('hides names in a value too, and ends where no envelope ends', () => {
    const redactor = createRedactor({ env: { A_TOKEN: 'abcdefgh' } });
    expect(redactor.redactValue({ abcdefgh: 1 })).toEqual({ [placeholder]: 1 });
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    expect(JSON.stringify(redactor.redactValue(deep)).length).toBeLessThan(1_000);
  });

  it('shows the start of a long text without a part of what it is cut in', () => {
    const redactor = createRedactor({ env: { A_TOKEN: 'S'.repeat(60) } });
    fc.assert(
      fc.property(fc.integer({ min: 20_000, max: 40_000 }), (at) => {
        const shown = redactor.redactStart(`${'x'.repeat(at)}${'S'.repeat(60)}${'y'.repeat(40_000)}`);
        expect(shown).not.toContain('S');
        expect(shown.length).toBeGreaterThan(10_000);
      }),
    );
  });

  it('reaches into values', () => {
    const redactor = createRedactor({ env: { A_TOKEN: 'abcdefgh' } });
    expect(redactor.redactValue({ a: ['xabcdefghx', 1, null], b: { c: true } })).toEqual({
      a: [`x${placeholder}x`, 1, null],
      b: { c: true },
    });
  });

  it('hides a key block that spans lines', () => {
    const line = none.createLineRedactor();
    const lines = [
      'a',
      made('-----BEGIN PRIVATE', ' KEY-----'),
      'MIIabc',
      made('-----END PRIVATE', ' KEY----- b'),
      'c',
    ];
    expect(lines.map(line)).toEqual(['a', placeholder, placeholder, `${placeholder} b`, 'c']);
  });
});

describe('createLineSplitter with a redactor', () => {
  const secret = 'S3CRET-value-of-the-test';
  const redactor = createRedactor({ env: { TEST_TOKEN: secret } });

  function show(chunks: Uint8Array[], limit?: number): string[] {
    const shown: string[] = [];
    const splitter = createLineSplitter({
      onLine: (line) => shown.push(redactor.redact(line)),
      safeCut: redactor.safeCut,
      ...(limit === undefined ? {} : { limit }),
    });
    for (const chunk of chunks) splitter.push(chunk);
    splitter.end();
    return shown;
  }

  it('gives the same lines for every way to cut the bytes', () => {
    const text = `grüße ${secret}\r\n\nzweite ${secret}${secret} Zeile\nlast`;
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        expect(show(chunks)).toEqual([
          `grüße ${placeholder}`,
          '',
          `zweite ${placeholder}${placeholder} Zeile`,
          'last',
        ]);
      }),
    );
  });

  it('drops the rest of a line that has no place to cut, and nothing after it', () => {
    const endless = `sk-${'a'.repeat(80_000)}${secret}`;
    const text = `${endless}${'n'.repeat(200_000)}tail\nnext\n`;
    const chunks = Array.from({ length: Math.ceil(text.length / 777) }, (_, i) =>
      Buffer.from(text.slice(i * 777, (i + 1) * 777)),
    );
    expect(show(chunks, 16_384)).toEqual([leftOut, 'next']);
  });

  it('looks through a line that has no place to cut a few times only', () => {
    let looks = 0;
    const splitter = createLineSplitter({
      onLine: () => undefined,
      safeCut: () => {
        looks += 1;
        return 0;
      },
      limit: 10_000,
    });
    for (let chunk = 0; chunk < 10_000; chunk += 1) splitter.push(Buffer.alloc(100, 97));
    expect(looks).toBe(2);
  });

  it('never shows a part of a secret where an endless line is cut', () => {
    const noise = 'n'.repeat(9_000);
    const text = Array.from({ length: 20 }, () => noise + secret).join('');
    const chunks = Array.from({ length: Math.ceil(text.length / 777) }, (_, i) =>
      Buffer.from(text.slice(i * 777, (i + 1) * 777)),
    );
    const shown = show(chunks, 16_384);
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.join('')).toBe(text.replaceAll(secret, placeholder));
  });
});
