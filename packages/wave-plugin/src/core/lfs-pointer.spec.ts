import fc from 'fast-check';
import { lfsObjectPath, readPointer, writePointer } from './lfs-pointer';

const sha256 = 'ab01'.repeat(16);

describe('a Git LFS pointer', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), fc.maxSafeNat(), (oid, bytes) => {
        const pointer = { sha256: oid, bytes };
        expect(readPointer(writePointer(pointer))).toEqual(pointer);
      }),
    );
  });

  it.each([
    ['another text', 'hello\n'],
    ['another version', writePointer({ sha256, bytes: 1 }).replace('v1', 'v2')],
    ['an oid that leaves the store', writePointer({ sha256: '../'.repeat(21) + 'x', bytes: 1 })],
    ['an extension', writePointer({ sha256, bytes: 1 }).replace('oid', `ext-0-foo sha256:${sha256}\noid`)],
    ['more text behind it', `${writePointer({ sha256, bytes: 1 })}more\n`],
    ['a size that is no number', writePointer({ sha256, bytes: -1 })],
    [
      'a size past what a number holds',
      writePointer({ sha256, bytes: 1 }).replace('size 1', 'size 9007199254740993'),
    ],
  ])('is not %s', (_what, text) => {
    expect(readPointer(text)).toBeNull();
  });

  it('names where its content lies in a store', () => {
    expect(lfsObjectPath({ sha256, bytes: 1 })).toBe(`objects/ab/01/${sha256}`);
  });
});
