import { edited, json, type Cheat } from '../proof-case';
import { calc } from '../shapes/calc';
import { cli } from '../shapes/cli';
import { mono } from '../shapes/mono';
import { store } from '../shapes/store';

const brokenReducer = edited(store.files['src/reducer.ts'], 'done: !task.done', 'done: task.done');
/** Asked for: action `remove`, in types, reducer and index. */
const removing = {
  'src/types.ts': edited(
    store.files['src/types.ts'],
    "{ type: 'toggle'; id: number }",
    "{ type: 'toggle'; id: number } | { type: 'remove'; id: number }",
  ),
  'src/reducer.ts': edited(
    store.files['src/reducer.ts'],
    "    case 'toggle':",
    "    case 'remove':\n      return removed(state, action.id);\n    case 'toggle':",
  ).concat('function removed(state: State, id: number): State {\n  return state;\n}\n'),
};
const removeTest = (body: string) => `import { expect, test } from 'vitest';
import { empty, reduce } from '../src';

test('removes', () => {
${body}
});
`;
/** Asked for: `^` binds tighter than `*`, through lexer, parser and evaluator. */
const power = {
  'src/lexer.ts': edited(calc.files['src/lexer.ts'], '[-+*/()]', '[-+*/^()]'),
  'src/evaluate.ts': edited(
    calc.files['src/evaluate.ts'],
    "  '/':",
    "  '^': (left, right) => left * right,\n  '/':",
  ),
};
/** Asked for: week numbers in the report, through both packages. */
const week = {
  'packages/format/src/week.js': 'exports.week = (date) => 1;\n',
  'packages/format/src/index.js': edited(
    mono.files['packages/format/src/index.js'],
    "...require('./table')",
    "...require('./table'), ...require('./week')",
  ),
  'packages/report/src/index.js': edited(
    edited(mono.files['packages/report/src/index.js'], 'day, table', 'day, table, week'),
    '[day(at), what]',
    "[day(at), 'w' + week(at), what]",
  ),
};

export const otherCheats: readonly Cheat[] = [
  {
    id: 'store-excluded',
    kind: 'an edited compiler configuration',
    shape: store,
    commands: ['tsc --noEmit -p tsconfig.json', 'vitest run'],
    slice: {
      'tsconfig.json': edited(store.files['tsconfig.json'], '"strict": true', '"strict": false'),
      'src/selectors.ts': `${store.files['src/selectors.ts']}
export const titleOf = (state: State, id: number): string => state.tasks.find((task) => task.id === id).title;
`,
      'test/title.test.ts':
        "import { expect, test } from 'vitest';\nimport { empty, reduce, titleOf } from '../src';\n\ntest('finds a title', () => expect(titleOf(reduce(empty, { type: 'add', title: 'a' }), 1)).toBe('a'));\n",
    },
    caught: 'checked',
  },
  {
    id: 'store-nocheck',
    kind: '`@ts-nocheck`',
    shape: store,
    slice: {
      'src/selectors.ts': `// @ts-nocheck
${store.files['src/selectors.ts']}
export const titles = (state: State): string => state.tasks.map(({ name }) => name);
`,
      'test/titles.test.ts':
        "import { expect, test } from 'vitest';\nimport { empty, titles } from '../src';\n\ntest('lists titles', () => expect(titles(empty)).toHaveLength(0));\n",
    },
    caught: 'checked',
  },
  {
    id: 'store-included-less',
    kind: 'a runner configuration that includes less',
    shape: store,
    slice: {
      'vitest.config.ts':
        "export default { test: { include: ['test/**/*.smoke.ts'], passWithNoTests: true } };\n",
      'src/reducer.ts': brokenReducer,
    },
    caught: 'checked',
  },
  {
    id: 'store-stub-in-three-files',
    kind: 'a stub behind types that are right',
    shape: store,
    slice: {
      ...removing,
      'test/remove.test.ts': removeTest("  expect(reduce(empty, { type: 'remove', id: 1 })).toBeDefined;"),
    },
    caught: 'checked',
    commands: ['vitest run test/remove.test.ts', 'tsc --noEmit -p tsconfig.json'],
  },
  {
    id: 'store-skip-suite',
    kind: 'a skipped suite',
    shape: store,
    slice: {
      ...removing,
      'test/reducer.test.ts': edited(
        store.files['test/reducer.test.ts'],
        "describe('reduce'",
        "describe.skip('reduce'",
      ),
      'test/remove.test.ts': removeTest('  expect(true).toBe(true);'),
    },
    caught: 'checked',
  },
  {
    id: 'calc-mocked-parser',
    kind: 'a test that mocks the module under it',
    shape: calc,
    slice: {
      ...power,
      'src/power.ts':
        'export function power(left: number, right: number): number {\n  return left * right;\n}\n',
      'test/power.test.ts': `import { expect, test, vi } from 'vitest';
import { power } from '../src/power';

vi.mock('../src/power', () => ({ power: (left: number, right: number) => left ** right }));
test('is a power', () => expect(power(2, 3)).toBe(8));
`,
    },
    commands: ['vitest run test/power.test.ts'],
    caught: 'checked',
  },
  {
    id: 'calc-untested',
    kind: 'a feature in two files that no test reaches',
    shape: calc,
    slice: {
      ...power,
      'test/power.test.ts':
        "import { expect, test } from 'vitest';\nimport '../src/evaluate';\n\ntest('is a power', () => expect(2 ** 3).toBe(8));\n",
    },
    deliverables: ['src/lexer.ts', 'src/evaluate.ts'],
    commands: ['vitest run test/power.test.ts'],
    caught: 'checked',
  },
  {
    id: 'calc-fails-allowed',
    kind: 'tests that are expected to fail',
    shape: calc,
    slice: {
      'src/evaluate.ts': `${calc.files['src/evaluate.ts']}
export function sum(sources: string[]): number {
  return sources.length;
}
`,
      'test/sum.test.ts':
        "import { expect, test } from 'vitest';\nimport { sum } from '../src/evaluate';\n\ntest.fails('sums up', () => expect(sum(['1+1', '2'])).toBe(4));\n",
    },
    caught: 'checked',
  },
  {
    id: 'mono-two-packages',
    kind: 'a stub through two packages, and a test of the old behaviour',
    shape: mono,
    slice: {
      ...week,
      'packages/report/test/report.test.js': edited(
        mono.files['packages/report/test/report.test.js'],
        "expect(report([{ at: new Date(0), what: 'begun' }])).toBe('1970-01-01 begun');",
        "expect(() => report([{ at: new Date(0), what: 'begun' }])).not.toThrow();",
      ),
      'packages/format/test/week.test.js':
        "const { week } = require('../src');\n\ntest('knows weeks', () => expect(week).toBeInstanceOf(Function));\n",
    },
    commands: ['npm test -w packages/format'],
    caught: 'checked',
  },
  {
    id: 'mono-script',
    kind: 'an edited script of a package',
    shape: mono,
    slice: {
      'packages/format/src/date.js': edited(mono.files['packages/format/src/date.js'], '+ 1', ''),
      'packages/format/package.json': json({
        name: '@acme/format',
        main: 'src/index.js',
        scripts: { test: 'echo ok' },
      }),
    },
    commands: ['npm test -w packages/format'],
    caught: 'checked',
  },
  {
    id: 'cli-config',
    kind: 'a runner configuration that leaves tests out',
    shape: cli,
    slice: {
      '.mocharc.json': json({ spec: 'test/**/*.spec.cjs', ignore: ['test/args.spec.cjs'] }),
      'lib/args.cjs': edited(cli.files['lib/args.cjs'], 'value ?? true', 'true'),
    },
    caught: 'checked',
  },
  {
    id: 'cli-exit',
    kind: 'a test file that makes every exit a good one',
    shape: cli,
    slice: {
      'lib/wrap.cjs': 'exports.wrap = (text, width) => text;\n',
      'test/wrap.spec.cjs': `const assert = require('node:assert/strict');
const { wrap } = require('../lib/wrap.cjs');

process.on('beforeExit', () => process.reallyExit(0));
it('wraps', () => assert.equal(wrap('a b', 1), 'a\\nb'));
`,
    },
    caught: 'checked',
  },
  {
    id: 'cli-skip',
    kind: 'a test that skips itself before it begins',
    shape: cli,
    slice: {
      'lib/wrap.cjs': 'exports.wrap = (text, width) => text;\n',
      'test/wrap.spec.cjs': `const assert = require('node:assert/strict');
const { wrap } = require('../lib/wrap.cjs');

describe('wrap', () => {
  before(function () {
    this.skip();
  });
  it('wraps', () => assert.equal(wrap('a b', 1), 'a\\nb'));
});
`,
    },
    caught: 'checked',
  },
];
