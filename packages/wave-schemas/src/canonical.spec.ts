import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { CanonicalPart, canonicalJson, digestOf, sha256 } from './canonical';

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

  it('is the same where a part of a value was written before', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const parts = { a: new CanonicalPart(a), list: [new CanonicalPart(b), a] };
        expect(canonicalJson(parts)).toBe(canonicalJson({ a, list: [b, a] }));
        // What only the library writes.
        expect(canonicalJson({ ...parts, n: 0.5 })).toBe(canonicalJson({ a, list: [b, a], n: 0.5 }));
      }),
    );
  });

  it('has one digest, whole or in parts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const bytes = Buffer.from(a + b);
        expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
        expect([sha256(a + b), sha256(Buffer.from(a), Buffer.from(b))]).toEqual([
          sha256(bytes),
          sha256(bytes),
        ]);
      }),
    );
    expect(sha256('\ud800')).toBe(sha256('\ufffd'));
    expect(sha256()).toBe(sha256(''));
  });

  it('refuses what has none', () => {
    for (const value of [undefined, Number.NaN, [Infinity]]) expect(() => canonicalJson(value)).toThrow();
  });
});
