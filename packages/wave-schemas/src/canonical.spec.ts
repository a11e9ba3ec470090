import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, digestOf, sha256 } from './canonical';

describe('canonical JSON', () => {
  it('is what RFC 8785 makes of every value', () => {
    const anything = fc.anything({ withNullPrototype: true, withDate: true, withObjectString: true });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.object(), anything), (value) => {
        let expected: string | undefined;
        try {
          expected = canonicalize(value);
        } catch {
          expected = undefined;
        }
        if (expected === undefined) expect(() => canonicalJson(value)).toThrow();
        else expect(canonicalJson(value)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ b: 1, a: undefined, '10': 2, '9': 3 }, '{"10":2,"9":3,"b":1}'],
    [{ '\u20ac': 1, '\ud83d\ude00': 2, '\ufb33': 3 }, '{"\u20ac":1,"\ud83d\ude00":2,"\ufb33":3}'],
    [[-0, 1e21, 0.1, 'a"\n\u2028'], '[0,1e+21,0.1,"a\\"\\n\u2028"]'],
    [[undefined, null], '[null,null]'],
  ])('of %j has one form', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
    expect(digestOf(value)).toBe(sha256(text));
  });

  it('refuses what has none', () => {
    for (const value of [undefined, Number.NaN, [Infinity]]) expect(() => canonicalJson(value)).toThrow();
  });
});
