import { deepestJson, nestsTooDeep, parseAnswer, parseJson } from './parse-json';

const nested = (depth: number, inner = '1') => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;

describe('JSON that others wrote', () => {
  it('is read as deep as any document goes', () => {
    const value = parseJson(nested(deepestJson));
    expect(JSON.stringify(value)).toBe(nested(deepestJson));
  });

  it.each([
    ['lists', nested(deepestJson + 1)],
    ['lists that would end any stack', nested(100_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['lists that nobody closes', '['.repeat(1_000_000)],
    ['lists after strings with brackets and quotes', `{"a":"]\\"]","b":${nested(10_000)}}`],
  ])('counts as none where it nests deeper: %s', (_what, text) => {
    expect(nestsTooDeep(text)).toBe(true);
    expect(parseJson(text)).toBeUndefined();
    expect(parseAnswer(`\`\`\`json\n${text}\n\`\`\``)).toBeUndefined();
  });

  it.each(['1e999', '-1e999', '[1,[2,-1E+400]]', '{"a":{"b":[1e999]}}', `[${'9'.repeat(400)}]`])(
    'counts as none where it holds a number past all numbers: %s',
    (text) => {
      expect(parseJson(text)).toBeUndefined();
      expect(parseAnswer(text)).toBeUndefined();
    },
  );

  it('is read with every other number', () => {
    const text = '[1.7976931348623157e+308,-1.7976931348623157e+308,5e-324,0,1e-999]';
    expect(parseJson(text)).toEqual([Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 0, 0]);
  });

  it.each([
    ['many lists beside each other', `[${Array.from({ length: 10_000 }, () => '[1]').join(',')}]`],
    ['brackets inside of a string', JSON.stringify({ a: '['.repeat(10_000), b: '\\"'.repeat(100) })],
  ])('is read where it is only long: %s', (_what, text) => {
    expect(nestsTooDeep(text)).toBe(false);
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });
});
