import { namesAny, saysNothing } from './steward-evidence';

describe('a report', () => {
  it.each([
    ['', true],
    ['PASS\n', true],
    ['# Review of wave 1\n\nPASS', true],
    ['Review of wave 1\n================\n\n**PASS**\n', true],
    ['# Everything is well\n', true],
    ['- \n\n---\n', true],
    ['No findings.', false],
    ['# Review\n\nThe slug was read.', false],
    ['Нет замечаний.', false],
  ])('%j says nothing: %s', (text, expected) => expect(saysNothing(text)).toBe(expected));

  const paths = ['src/text/rate-limiter.ts', 'src/index.ts', 'db/x.sql'];
  it.each([
    ['src/text/rate-limiter.ts was read.', true],
    ['Read `rate-limiter.ts`.', true],
    ['The RateLimiter holds back.', true],
    ['The rate limiter holds back.', true],
    ['All of src/text was read.', true],
    ['The new index.ts is fine.', true],
    ['The table x has a key.', true],
    ['The index is fine, all tests pass.', false],
    ['All is well, examples included.', false],
    ['Verdict: PASS', false],
  ])('%j names a change: %s', (text, expected) => expect(namesAny(text, paths)).toBe(expected));
});
