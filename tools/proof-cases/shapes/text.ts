import { json, type Shape } from '../proof-case';

/** A library of text functions on node:test, with a linter of its own. */
export const text: Shape = {
  runner: 'node:test',
  commands: ['npm test'],
  files: {
    'package.json': json({
      name: 'text',
      type: 'module',
      scripts: { test: 'node --test', lint: 'node tools/lint.mjs' },
    }),
    '.eslintrc.json': json({ rules: { 'no-debugger': 'error' } }),
    'tools/lint.mjs': `import { readFileSync, readdirSync } from 'node:fs';
const { rules } = JSON.parse(readFileSync('.eslintrc.json', 'utf8'));
const bad = readdirSync('src').filter((name) => readFileSync('src/' + name, 'utf8').includes('debugger'));
if (rules['no-debugger'] === 'error' && bad.length > 0) { console.error('debugger in ' + bad); process.exit(1); }
`,
    'src/slug.mjs': `/** A title as a part of an address. */
export function slug(title) {
  return title.trim().toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
`,
    'src/words.mjs': `export function words(text) {
  return text.split(/\\s+/).filter((word) => word !== '');
}

export const countWords = (text) => words(text).length;
`,
    'src/index.mjs': `export { slug } from './slug.mjs';
export { countWords, words } from './words.mjs';
`,
    'test/slug.test.mjs': `import test from 'node:test';
import assert from 'node:assert/strict';
import { slug } from '../src/slug.mjs';

test('joins words by dashes', () => assert.equal(slug('Hello big World'), 'hello-big-world'));
test('drops what is no letter', () => assert.equal(slug('  What?! '), 'what'));
`,
    'test/words.test.mjs': `import test from 'node:test';
import assert from 'node:assert/strict';
import { countWords } from '../src/words.mjs';

test('counts words', () => assert.equal(countWords('one  two\\nthree'), 3));
`,
    'README.md': '# text\n\nFunctions for titles.\n',
  },
};
