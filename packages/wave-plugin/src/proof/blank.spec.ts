import { isBlankText } from './blank';

describe('a text without content', () => {
  it.each<[string, string, boolean]>([
    ['a.ts', '\n', true],
    ['a.ts', '\ufeff// later\n/* and\n more */\n', true],
    ['a.mjs', "#!/usr/bin/env node\n'use strict';\nexport {};\n", true],
    ['a.ts', '// why\nexport const a = 1;', false],
    ['a.py', '# todo\n\n  # more', true],
    ['a.py', 'x = 1 # todo', false],
    ['a.md', '<!-- nothing\nyet -->\n', true],
    ['a.md', '# Title', false],
    ['a.json', '// text', false],
    ['src/pkg/__init__.py', '\n', false],
    ['Makefile', ' \t\n', true],
  ])('%s %j: %s', (path, text, blank) => {
    expect(isBlankText(path, text)).toBe(blank);
  });
});
