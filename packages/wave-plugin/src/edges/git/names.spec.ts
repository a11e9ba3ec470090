import fc from 'fast-check';
import { decodeName, diskPath, isUtf8Name, nameBytes, showName, splitNul } from './names';

const nameOf = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => bytes.filter((b) => b !== 0));

describe('names of files', () => {
  it('come back byte for byte, whatever they hold', () => {
    fc.assert(
      fc.property(nameOf, (bytes) => {
        expect([...nameBytes(decodeName(bytes))]).toEqual([...bytes]);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeName(Buffer.from(text))).toBe(text);
      }),
    );
  });

  it('are split at NUL one by one: one that is not UTF-8 spoils no other', () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffa\0café\n\0'),
      Buffer.from([0x6c, 0xe9, 0x2e, 0]),
      Buffer.from('b\0'),
    ]);
    const names = splitNul(bytes);
    expect(names.map(showName)).toEqual(['\ufeffa', 'café\n', 'l\\xe9.', 'b']);
    expect(names.map(isUtf8Name)).toEqual([true, true, false, true]);
    expect([...nameBytes(names.map((name) => `${name}\0`).join(''))]).toEqual([...bytes]);
    expect(splitNul(Buffer.from(''))).toEqual([]);
  });

  it('go to the disk as text where they are text', () => {
    expect(diskPath('a/é😀')).toBe('a/é😀');
    expect(diskPath(decodeName(Buffer.from([0x61, 0xff])))).toEqual(Buffer.from([0x61, 0xff]));
  });
});
