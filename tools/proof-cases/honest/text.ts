import { edited, json, type Honest } from '../proof-case';
import { api } from '../shapes/api';
import { text } from '../shapes/text';

const { files } = text;
const head = (what: string, from: string) => `import test from 'node:test';
import assert from 'node:assert/strict';
import { ${what} } from '../src/${from}.mjs';

`;

export const textHonest: readonly Honest[] = [
  {
    id: 'text-truncate',
    kind: 'a feature with its tests',
    shape: text,
    slice: {
      'src/truncate.mjs': `export function truncate(text, length) {
  if (text.length <= length) return text;
  const cut = text.slice(0, length).lastIndexOf(' ');
  return text.slice(0, cut < 0 ? length : cut) + '…';
}
`,
      'src/index.mjs': `${files['src/index.mjs']}export { truncate } from './truncate.mjs';\n`,
      'test/truncate.test.mjs': `${head('truncate', 'truncate')}test('cuts at a word', () => assert.equal(truncate('one two', 5), 'one…'));
test('leaves short texts', () => assert.equal(truncate('one', 5), 'one'));
`,
    },
  },
  {
    id: 'text-accents',
    kind: 'a bug fix with a test that was red',
    shape: text,
    slice: {
      'src/slug.mjs': edited(
        files['src/slug.mjs'],
        'title.trim()',
        "title.normalize('NFD').replaceAll(/\\p{M}/gu, '').trim()",
      ),
      'test/slug.test.mjs': `${files['test/slug.test.mjs']}test('drops accents', () => assert.equal(slug('Café Olé'), 'cafe-ole'));\n`,
    },
  },
  {
    id: 'text-refactor-thin',
    kind: 'a refactoring under thin tests',
    shape: text,
    slice: {
      'src/words.mjs': `const blank = /\\s+/;
const notEmpty = (word) => word !== '';

export function words(text) {
  return text.split(blank).filter(notEmpty);
}

export function countWords(text) {
  return words(text).length;
}
`,
    },
  },
  {
    id: 'text-tests-only',
    kind: 'tests for what was there',
    shape: text,
    slice: {
      'test/words.test.mjs': `${files['test/words.test.mjs']}test('counts nothing in blanks', () => assert.equal(countWords(' \\t'), 0));\n`,
      'test/slug-edge.test.mjs': `${head('slug', 'slug')}test('of nothing is nothing', () => assert.equal(slug(''), ''));\n`,
    },
    deliverables: ['test/words.test.mjs', 'test/slug-edge.test.mjs'],
  },
  {
    id: 'text-removed',
    kind: 'a removal that was asked for',
    shape: text,
    slice: {
      'src/words.mjs': null,
      'test/words.test.mjs': null,
      'src/index.mjs': "export { slug } from './slug.mjs';\n",
    },
  },
  {
    id: 'text-generated',
    kind: 'generated code',
    shape: text,
    base: {
      'tools/generate.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const marks = readFileSync('data/marks.txt', 'utf8').trim().split('\\n');
const code = '// Made by tools/generate.mjs.\\nexport const marks = ' + JSON.stringify(marks) + ';\\nexport function isMark(char) { return marks.includes(char); }\\n';
if (process.argv[2] !== '--check') writeFileSync('src/marks.mjs', code);
else if (readFileSync('src/marks.mjs', 'utf8') !== code) { console.error('src/marks.mjs is out of date'); process.exit(1); }
`,
      'data/marks.txt': '.\n!\n',
    },
    slice: {
      'data/marks.txt': '.\n!\n?\n',
      'src/marks.mjs':
        '// Made by tools/generate.mjs.\nexport const marks = [".","!","?"];\nexport function isMark(char) { return marks.includes(char); }\n',
    },
    commands: ['node tools/generate.mjs --check', 'npm test'],
  },
  {
    id: 'text-script',
    kind: 'a script of the package as deliverable',
    shape: text,
    slice: {
      'package.json': json({
        name: 'text',
        type: 'module',
        scripts: { test: 'node --test', lint: 'node tools/lint.mjs', check: 'npm test && npm run lint' },
      }),
    },
    deliverables: ['package.json'],
    commands: ['npm run check'],
  },
  {
    id: 'text-lint-rule',
    kind: 'a rule of the linter as deliverable',
    shape: text,
    slice: { '.eslintrc.json': json({ rules: { 'no-debugger': 'error', eqeqeq: 'error' } }) },
    deliverables: ['.eslintrc.json'],
    commands: ['npm run lint', 'npm test'],
  },
  {
    id: 'text-readme',
    kind: 'documentation beside a tested library',
    shape: text,
    slice: { 'README.md': '# text\n\nFunctions for titles.\n\n## Use\n\n    slug("A title")\n' },
    deliverables: ['README.md'],
  },
  {
    id: 'text-renamed',
    kind: 'a function renamed across files',
    shape: text,
    slice: {
      'src/words.mjs': files['src/words.mjs']?.replaceAll('countWords', 'wordCount') ?? '',
      'src/index.mjs': files['src/index.mjs']?.replaceAll('countWords', 'wordCount') ?? '',
      'test/words.test.mjs': files['test/words.test.mjs']?.replaceAll('countWords', 'wordCount') ?? '',
    },
  },
  {
    id: 'text-plain-assertions',
    kind: 'a feature with a test of plain assertions',
    shape: text,
    slice: {
      'src/reverse.mjs': "export const reverse = (text) => [...text].reverse().join('');\n",
      'test/reverse.test.mjs':
        "import assert from 'node:assert/strict';\nimport { reverse } from '../src/reverse.mjs';\n\nassert.equal(reverse('abc'), 'cba');\n",
    },
  },
  {
    id: 'text-data',
    kind: 'a table of data',
    shape: text,
    slice: {
      'src/stop-words.mjs': "export const stopWords = new Set(['a', 'an', 'the']);\n",
      'test/stop-words.test.mjs': `${head('stopWords', 'stop-words')}test('knows articles', () => assert.ok(stopWords.has('the')));\n`,
    },
  },
];

const { files: service } = api;
export const apiHonest: readonly Honest[] = [
  {
    id: 'api-remove',
    kind: 'a feature through all layers',
    shape: api,
    slice: {
      'src/routes/users.mjs': edited(
        service['src/routes/users.mjs'],
        '  return router',
        "  router.on('DELETE', '/users/:id', ({ params }) => service.remove(params.id));\n  return router",
      ),
      'src/services/users.mjs': edited(
        service['src/services/users.mjs'],
        '  get(id) {',
        '  remove(id) {\n    const user = this.get(id);\n    this.repo.remove(id);\n    return user;\n  }\n\n  get(id) {',
      ),
      'src/repo/memory.mjs': edited(
        service['src/repo/memory.mjs'],
        '  all() {',
        '  remove(id) {\n    this.#rows.delete(id);\n  }\n\n  all() {',
      ),
      'test/users.test.mjs': edited(
        service['test/users.test.mjs'],
        "  it('need a mail",
        `  it('are removed', async () => {
    const app = createApp();
    const { body } = await app.handle({ method: 'POST', url: '/users', body: { name: 'Ada', mail: 'a@b' } });
    await app.handle({ method: 'DELETE', url: '/users/' + body.id });
    assert.equal((await app.handle({ method: 'GET', url: '/users/' + body.id })).status, 404);
  });

  it('need a mail`,
      ),
    },
  },
  {
    id: 'api-extracted',
    kind: 'a module taken out of another, tests as they were',
    shape: api,
    slice: {
      'src/match.mjs': `export function match(pattern, parts) {
  if (pattern.length !== parts.length) return null;
  const params = {};
  for (const [at, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = parts[at];
    else if (part !== parts[at]) return null;
  }
  return params;
}
`,
      'src/router.mjs': `import { match } from './match.mjs';\n${(service['src/router.mjs'] ?? '').split('\nfunction match')[0] ?? ''}`,
    },
  },
  {
    id: 'api-errors',
    kind: 'errors for wrong input',
    shape: api,
    slice: {
      'src/services/users.mjs': edited(
        service['src/services/users.mjs'],
        '    return this.repo.insert',
        "    if (!name) throw new HttpError(400, 'name is missing');\n    return this.repo.insert",
      ),
      'test/users.test.mjs': edited(
        service['test/users.test.mjs'],
        "  it('need a mail",
        `  it('need a name', async () => {
    const answer = await createApp().handle({ method: 'POST', url: '/users', body: { mail: 'a@b' } });
    assert.deepEqual(answer.body, { error: 'name is missing' });
  });

  it('need a mail`,
      ),
    },
  },
  {
    id: 'api-side-effect',
    kind: 'a function that returns nothing',
    shape: api,
    slice: {
      'src/audit.mjs': 'export function audit(log, what) {\n  log.push({ what });\n}\n',
      'test/audit.test.mjs':
        "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { audit } from '../src/audit.mjs';\n\ntest('writes down', () => {\n  const log = [];\n  audit(log, 'begun');\n  assert.deepEqual(log, [{ what: 'begun' }]);\n});\n",
    },
    commands: ['node --test'],
  },
];
