import fc from 'fast-check';
import { createPlainReader } from '../../adapters/plain-reader';
import { createRedactor } from '../../edges/processes/redact';
import { createListener } from './listen';

/** Secrets in letters that nothing else here is written in: one letter of them anywhere is a leak. */
const secret = fc
  .array(fc.constantFrom(...'ABCDEFGHJKMNPQRSTUVWXYZ'), { minLength: 8, maxLength: 400 })
  .map((letters) => letters.join(''));
const noise = fc
  .array(fc.constantFrom(...'abcxyz ,.ü{}"'), { maxLength: 300 })
  .map((letters) => letters.join(''));

function listen(text: string, cuts: number[], value: string) {
  const shown: string[] = [];
  const transcript: string[] = [];
  const redactor = createRedactor({ env: { A_TOKEN: value } });
  const listener = createListener(
    {
      onLine: (line) => shown.push(line),
      writeTranscript: (line) => transcript.push(line),
      clock: { now: () => 0, sleep: async () => undefined },
    },
    createPlainReader(),
    { terminal: redactor, disk: redactor, afterLine: () => undefined },
  );
  const bytes = Buffer.from(text);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  edges.slice(1).forEach((end, index) => listener.onOutput(bytes.subarray(edges[index], end), 'stdout'));
  listener.end();
  return { shown, transcript };
}

describe('what reaches terminal and transcript', () => {
  it('never holds any part of a secret, however the output is cut, wherever lines end and texts are shortened', () => {
    fc.assert(
      fc.property(
        secret,
        fc.array(fc.tuple(noise, fc.constantFrom('', ' ', '\n', '\r\n')), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (value, parts, cuts) => {
          const text = parts.map(([words, end]) => words + value + end).join('');
          const { shown, transcript } = listen(text, cuts, value);
          expect([...shown, ...transcript].join('')).not.toMatch(/[A-Z]/);
          expect(transcript.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  const keyLines = ['-----BEGIN PRIVATE', ' KEY-----\nMIIone\nMIItwo\n-----END PRIVATE', ' KEY-----\n'].join(
    '',
  );

  it('holds no line of a key that is printed line by line', () => {
    const { shown, transcript } = listen(`first\n${keyLines}last\n`, [], 'SECRETSECRET');
    expect([...shown, ...transcript].join('')).not.toContain('MII');
  });

  it('holds no line of a key in what a program is said to have ended with', () => {
    const reader = createPlainReader();
    const redactor = createRedactor({ env: {} });
    const listener = createListener(
      {
        onLine: () => undefined,
        writeTranscript: () => undefined,
        clock: { now: () => 0, sleep: async () => undefined },
      },
      reader,
      { terminal: redactor, disk: createRedactor({ env: {}, byForm: false }), afterLine: () => undefined },
    );
    listener.onOutput(Buffer.from(keyLines.slice(0, keyLines.indexOf('MIItwo') + 7)), 'stderr');
    listener.end();
    expect(JSON.stringify(reader.outcome({ code: 1, signal: null }))).not.toContain('MII');
  });

  it.each([
    ['cursor moves', '\u001b[2K'.repeat(3_998)],
    ['control signs', '\u0001'.repeat(15_990)],
    ['what is hidden itself', `sk-${'a'.repeat(15_986)} `],
    ['a very long word', `${'x'.repeat(39_990)}`],
  ])('holds no part of a secret after %s', (_title, before) => {
    const { shown } = listen(`${before}${'S'.repeat(40)} end\n`, [], 'S'.repeat(40));
    expect(shown.join('')).not.toContain('S');
  });

  it('ends with the last line, and says how much it has kept back before it', () => {
    const { shown } = listen('one\ntwo\nthree\nfour\nfive\n', [], 'SECRETSECRET');
    expect(shown).toEqual(['one', 'two', 'three', 'five (and 1 more)']);
  });
});
