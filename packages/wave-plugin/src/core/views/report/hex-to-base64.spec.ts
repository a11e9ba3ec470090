import * as fc from 'fast-check';
import { hexToBase64 } from './hex-to-base64';

it('says what Node says', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = Buffer.from(bytes);
      expect(hexToBase64(text.toString('hex'))).toBe(text.toString('base64'));
    }),
  );
});
