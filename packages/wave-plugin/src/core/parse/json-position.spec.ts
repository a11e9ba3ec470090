import fc from 'fast-check';
import { deepestJson } from '../parse-json';
import { locateJson, rangeAt } from './json-position';

const sliceOf = (text: string, path: string[]): string | null => {
  const [span] = locateJson(text, [path]).spans;
  return span ? text.slice(span.from, span.to) : null;
};

describe('the place of a value in a JSON text', () => {
  const text = '{\n  "a": {"b c": [1, {"d": "x\\"y"}], "e": {}},\n  "f": [[], [null, true]]\n}\n';

  it.each([
    [['a', 'b c', '0'], '1'],
    [['a', 'b c', '1', 'd'], '"x\\"y"'],
    [['a', 'b c', '1'], '{"d": "x\\"y"}'],
    [['a', 'e'], '{}'],
    [['f', '0'], '[]'],
    [['f', '1', '1'], 'true'],
    [['f', '1'], '[null, true]'],
    [['f', '2'], null],
    [['a', 'zz'], null],
  ])('is found for %j', (path, expected) => {
    expect(sliceOf(text, path)).toBe(expected);
  });

  it('is that of the last one where a key stands twice, as its reader takes it', () => {
    expect(sliceOf('{"a": 1, "a": 2}', ['a'])).toBe('2');
  });

  it('is told in lines and columns, also behind a byte order mark and CRLF', () => {
    const crlf = '\ufeff{\r\n  "a": 5\r\n}';
    const [span] = locateJson(crlf, [['a']]).spans;
    expect(rangeAt(crlf, span ?? { from: 0, to: 0 })).toEqual({
      start: { line: 2, column: 8 },
      end: { line: 2, column: 9 },
    });
  });

  it.each([
    ['{"a": b}', 6],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 1],
    ['{"a": [1 2]}', 9],
    ['{"a": "no end}\n', 6],
    ['{} x', 3],
    ['', 0],
    ['{"a": 1', 7],
    ['{"a": 01}', 6],
  ])('names where %j stops to be JSON', (broken, at) => {
    expect(locateJson(broken, []).errorAt).toBe(at);
  });

  it('agrees with the reader of JSON on every text, and finds every value of a good one', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(locateJson(json, []).errorAt).toBeNull();
        for (const path of pathsOf(JSON.parse(json) as unknown)) {
          const found = sliceOf(json, path.keys);
          expect(found === null ? 'none' : JSON.parse(found)).toEqual(path.value);
        }
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[{}[\]",:a1\\ \n]{0,12}$/), (text) => {
        let good = true;
        try {
          JSON.parse(text);
        } catch {
          good = false;
        }
        expect(locateJson(text, []).errorAt === null).toBe(good);
      }),
    );
  });

  it('is found as deep as a document may go', () => {
    const nested = `${'['.repeat(deepestJson)}7${']'.repeat(deepestJson)}`;
    expect(locateJson(nested, [['0', '0']]).errorAt).toBeNull();
    expect(sliceOf(nested, Array<string>(deepestJson).fill('0'))).toBe('7');
  });

  it.each([
    ['lists', '[', ']', deepestJson],
    ['lists that nobody closes', '[', '', deepestJson],
    ['objects', '{"a":', '}', deepestJson * 5],
  ])(
    'is not looked for below that, where a few megabytes would cost gigabytes: %s',
    (_what, open, close, at) => {
      const text = `${open.repeat(1_000_000)}1${close.repeat(1_000_000)}`;
      const started = process.cpuUsage();
      expect(locateJson(text, [['0']]).errorAt).toBe(at);
      const used = process.cpuUsage(started);
      expect((used.user + used.system) / 1_000).toBeLessThan(100);
    },
  );
});

function pathsOf(value: unknown, keys: string[] = []): { keys: string[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ keys, value }];
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...keys, key]));
}
