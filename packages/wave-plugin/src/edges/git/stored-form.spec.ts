import { createHash } from 'node:crypto';
import { writePointer } from '../../core/lfs-pointer';
import { isStoredForm } from './stored-form';

const content = Buffer.from('one\r\ntwo\r\n');
const sha256 = createHash('sha256').update(content).digest('hex');
const pointer = (bytes: number) => writePointer({ sha256, bytes });

describe('what git may have stored of bytes', () => {
  it.each([
    ['the bytes', 'one\r\ntwo\r\n', true],
    ['other line ends', 'one\ntwo\n', true],
    ['their pointer', pointer(content.length), true],
    ['a pointer of another size', pointer(3), false],
    ['other words', 'one\nthree\n', false],
    ['other line ends of something binary', 'one\ntwo\n\0', false],
  ])('%s: %j', (_what, stored, is) => {
    expect(isStoredForm(content, Buffer.from(stored))).toBe(is);
  });
});
