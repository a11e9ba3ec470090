import { edited, json, type Honest, type Shape } from '../proof-case';
import { python } from '../shapes/others';
import { queue } from '../shapes/queue';
import { text } from '../shapes/text';

const main = queue.files['src/main.js'];
const drain = {
  'src/queue.js': edited(
    queue.files['src/queue.js'],
    '  take() {',
    '  drain() {\n    return this.#items.splice(0);\n  }\n\n  take() {',
  ),
  'src/drain.test.js': `const { Queue } = require('./queue');

test('drains', () => {
  const queue = new Queue();
  queue.push('a');
  expect([queue.drain(), queue.size]).toEqual([['a'], 0]);
});
`,
};
/** Pages beside a package that has no test yet. */
const untested: Shape = {
  runner: 'jest',
  commands: ['jest --ci --passWithNoTests'],
  files: { 'package.json': json({ name: 'young' }), 'docs/index.md': '# Start\n\nNothing yet.\n' },
};

export const queueHonest: readonly Honest[] = [
  { id: 'queue-drain', kind: 'a method of a class, with its test', shape: queue, slice: drain },
  {
    id: 'queue-log',
    kind: 'another log line in code that no test reaches',
    shape: queue,
    slice: {
      'src/main.js': edited(
        main,
        "console.log('listening on ' + env.PORT);",
        "console.info('ready on port ' + env.PORT);\n  console.debug('at ' + process.pid);",
      ),
    },
  },
  {
    id: 'queue-error-text',
    kind: 'a better message of an error, without a test',
    shape: queue,
    slice: { 'src/main.js': edited(main, "'PORT is missing'", "'Set PORT to the port to listen on.'") },
  },
  {
    id: 'queue-defensive',
    kind: 'a defensive branch in tested code',
    shape: queue,
    slice: {
      'src/queue.js': edited(
        queue.files['src/queue.js'],
        '  push(item) {\n',
        "  push(item) {\n    if (item === undefined) throw new TypeError('nothing to push');\n",
      ),
    },
  },
  {
    id: 'queue-new-config',
    kind: 'a new runner configuration that the new tests need',
    shape: queue,
    slice: {
      ...drain,
      'jest.config.js': 'module.exports = { globals: { LIMIT: 2 } };\n',
      'src/limit.test.js': `const { Queue } = require('./queue');

test('drains up to the limit', () => {
  const queue = new Queue();
  for (let count = 0; count < LIMIT; count += 1) queue.push(count);
  expect(queue.drain()).toHaveLength(2);
});
`,
    },
    deliverables: ['src/queue.js'],
  },
  {
    id: 'queue-browser-test',
    kind: 'a test of a browser alone',
    shape: queue,
    slice: {
      'cypress/e2e/queue.cy.js':
        "describe('queue', () => {\n  it('shows its size', () => {\n    cy.visit('/');\n    cy.contains('0');\n  });\n});\n",
    },
  },
  {
    id: 'queue-other-runner',
    kind: 'a test that a runner without evidence runs',
    shape: queue,
    commands: ['jest --ci src', 'node tools/run-e2e.mjs'],
    base: {
      'tools/run-e2e.mjs': "await import('../system/queue.spec.mjs');\n",
      'system/queue.spec.mjs': "import '../src/queue.js';\n",
    },
    slice: {
      'src/queue.js': drain['src/queue.js'],
      'system/queue.spec.mjs': `import assert from 'node:assert/strict';
import { Queue } from '../src/queue.js';

const queue = new Queue();
queue.push('a');
assert.deepEqual(queue.drain(), ['a']);
`,
    },
  },
  {
    id: 'queue-bench',
    kind: 'a benchmark',
    shape: queue,
    slice: {
      'bench/queue.bench.js':
        "const { Queue } = require('../src/queue');\n\nfunction fill(count) {\n  const queue = new Queue();\n  while (queue.size < count) queue.push(count);\n  return queue;\n}\n\nmodule.exports = { fill };\n",
    },
  },
  {
    id: 'queue-migration',
    kind: 'a migration in JavaScript',
    shape: queue,
    slice: {
      'db/migrations/20260101_jobs.js':
        "exports.up = (knex) => knex.schema.createTable('jobs', (table) => table.increments());\nexports.down = (knex) => knex.schema.dropTable('jobs');\n",
    },
  },
  {
    id: 'queue-client',
    kind: 'a client that a tool wrote, as its head says',
    shape: queue,
    slice: {
      'src/client.js':
        "/* This file was auto-generated from openapi.yaml. Do not edit. */\nexports.getJobs = (fetcher) => fetcher('/jobs');\n",
    },
  },
  {
    id: 'queue-flag',
    kind: 'a feature behind a flag, and the flag',
    shape: queue,
    slice: {
      ...drain,
      'config/flags.json': json({ drain: false }),
      'src/main.js': edited(main, 'return queue;', 'return queue.size > 0 ? queue.drain() : queue;'),
    },
  },
  {
    id: 'queue-getter',
    kind: 'a getter and a default, with their test',
    shape: queue,
    slice: {
      'src/queue.js': edited(
        edited(
          queue.files['src/queue.js'],
          '  push(item) {',
          '  get isEmpty() {\n    return this.size === 0;\n  }\n\n  push(item) {',
        ),
        '  take() {\n    return this.#items.shift();',
        '  take(fallback = null) {\n    return this.isEmpty ? fallback : this.#items.shift();',
      ),
      'src/empty.test.js': `const { Queue } = require('./queue');

test('gives a default where it is empty', () => {
  const queue = new Queue();
  expect([queue.isEmpty, queue.take(), queue.take(0)]).toEqual([true, null, 0]);
});
`,
    },
  },
  {
    id: 'young-page',
    kind: 'a page in a package without tests',
    shape: untested,
    slice: { 'docs/index.md': '# Start\n\nInstall it.\n' },
  },
  {
    id: 'python-package',
    kind: 'an empty `__init__.py`',
    shape: python,
    slice: {
      'mean/robust/__init__.py': '',
      'mean/robust/trimmed.py': 'def trimmed(values):\n    return sorted(values)[1:-1]\n',
    },
    deliverables: ['mean/robust/__init__.py', 'mean/robust/trimmed.py'],
  },
  {
    id: 'text-held-out',
    kind: 'a feature that a held-out command judges too',
    shape: text,
    slice: {
      'src/initials.mjs': `/** The first letters of a name. */
export function initials(name) {
  return name
    .split(' ')
    .map((word) => word.charAt(0))
    .join('');
}
`,
      'test/initials.test.mjs': `import test from 'node:test';
import assert from 'node:assert/strict';
import { initials } from '../src/initials.mjs';

test('takes first letters', () => assert.equal(initials('Ada King'), 'AK'));
`,
    },
    heldOut: {
      command: 'node checks/initials.mjs',
      files: {
        'checks/initials.mjs':
          "import assert from 'node:assert/strict';\nimport { initials } from '../src/initials.mjs';\nassert.equal(initials('Grace Hopper'), 'GH');\n",
      },
    },
  },
];
