import fc from 'fast-check';
import { retryAfterMs } from './json-lines';
import { namedWaitMs } from './service-status';

describe('the wait that a service names', () => {
  it.each([
    ['try again in 12.5s', 12_500],
    ['try again in 3 days 2 hours', 266_400_000],
    ['retry-after: 20 s', 20_000],
    ['try again in 999999999 days', null],
    [`try again in ${'9'.repeat(400)} s`, null],
    ['try again in 1.2.3 s', null],
    ['try again later', null],
  ])('in words: %s', (text, ms) => {
    expect(namedWaitMs(text)).toBe(ms);
  });

  it.each([
    ['90', 90_000],
    [0, 0],
    ['0.5', 500],
    ['-5', null],
    ['1e400', null],
    ['99999999999', null],
    [Number.POSITIVE_INFINITY, null],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
    [{ toString: null }, null],
    [['7'], null],
    [undefined, null],
  ])('in a header: %j', (header, ms) => {
    expect(retryAfterMs(header)).toBe(ms);
  });

  it('is a time or nothing', () => {
    const word = fc.constantFrom(
      'try again in ',
      'resets in ',
      'and ',
      '9',
      '.',
      ' ',
      's',
      'ms',
      'days',
      ',',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const ms = namedWaitMs(words.join(''));
        expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
      }),
    );
  });
});
