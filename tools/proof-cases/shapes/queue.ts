import { json, type Shape } from '../proof-case';

/** A service in CommonJS on Jest as it comes, without a configuration, and with an entry that no test starts. */
export const queue: Shape = {
  runner: 'jest',
  commands: ['jest --ci'],
  files: {
    'package.json': json({ name: 'queue', main: 'src/queue.js', scripts: { test: 'jest --ci' } }),
    'src/queue.js': `class Queue {
  #items = [];

  get size() {
    return this.#items.length;
  }

  push(item) {
    this.#items.push(item);
    return this.size;
  }

  take() {
    return this.#items.shift();
  }
}

module.exports = { Queue };
`,
    'src/backoff.js': `exports.delayOf = (attempt) => Math.min(1000 * 2 ** attempt, 60_000);
`,
    'src/main.js': `const { Queue } = require('./queue');

async function main(env) {
  if (env.PORT === undefined) throw new Error('PORT is missing');
  const queue = new Queue();
  console.log('listening on ' + env.PORT);
  return queue;
}

if (require.main === module) main(process.env);
`,
    'src/queue.test.js': `const { Queue } = require('./queue');

test('takes in the order of pushing', () => {
  const queue = new Queue();
  expect(queue.push('a')).toBe(1);
  queue.push('b');
  expect([queue.take(), queue.take(), queue.size]).toEqual(['a', 'b', 0]);
});
`,
    'src/backoff.test.js': `const { delayOf } = require('./backoff');

test('waits twice as long each time', () => expect([0, 1, 2].map(delayOf)).toEqual([1000, 2000, 4000]));
test('waits a minute at most', () => expect(delayOf(9)).toBe(60_000));
`,
    'dist/queue.js': `class Queue { constructor() { this.items = []; } take() { return this.items.shift(); } push(item) { return this.items.push(item); } drain() { return this.items.splice(0); } }
module.exports = { Queue };
`,
  },
};
