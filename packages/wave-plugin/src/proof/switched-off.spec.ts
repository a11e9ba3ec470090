import { withChecksOn } from './switched-off';

describe('checks that a file switches off', () => {
  it.each<[string, string, string | null]>([
    ['for the compiler', '// @ts-nocheck\nlet a;', '\nlet a;'],
    ['for the compiler, after three slashes', '/// @ts-nocheck\nlet a;', '\nlet a;'],
    ['for the compiler, in a block', '/* @ts-nocheck later */\nlet a;', '\nlet a;'],
    ['for the linter', '/* eslint-disable */\nlet a;', '\nlet a;'],
    ['for one rule', '/* eslint-disable no-var */\nvar a;', null],
    ['for one line', '// @ts-ignore\nlet a;', null],
    ['in a text', "const a = '// @ts-nocheck';", null],
  ])('are switched on again: %s', (_what, text, expected) => expect(withChecksOn(text, [])).toBe(expected));

  it('stay off where the base has them off', () => {
    expect(withChecksOn('// @ts-nocheck\nlet b;', ['// @ts-nocheck\nlet a;'])).toBeNull();
  });
});
