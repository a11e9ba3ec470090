import { edited, json, type Honest } from '../proof-case';
import { cart } from '../shapes/cart';
import { mono } from '../shapes/mono';

const { files } = cart;
const snapshotTest = `const { format } = require('../src/money');

test('formats', () => expect([1, 2.5].map((amount) => format(amount, 'EUR'))).toMatchSnapshot());
`;
const snapshotOf = (...lines: string[]) => `// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing

exports[\`formats 1\`] = \`
[
${lines.map((line) => `  "${line}",`).join('\n')}
]
\`;
`;

export const cartHonest: readonly Honest[] = [
  {
    id: 'cart-discount',
    kind: 'a feature with its tests',
    shape: cart,
    slice: {
      'src/discount.js': `const { net } = require('./cart');

const shares = { HALF: 0.5 };

function discounted(items, code) {
  if (!(code in shares)) throw new RangeError('no such code: ' + code);
  return net(items) * (1 - shares[code]);
}

module.exports = { discounted };
`,
      '__tests__/discount.test.js': `const { discounted } = require('../src/discount');

test('takes a share', () => expect(discounted([{ price: 10, count: 1 }], 'HALF')).toBe(5));
test('knows no unknown code', () => expect(() => discounted([], 'X')).toThrow('no such code'));
`,
    },
  },
  {
    id: 'cart-snapshot',
    kind: 'a snapshot that changes with its result',
    shape: cart,
    base: {
      '__tests__/formats.test.js': snapshotTest,
      '__tests__/__snapshots__/formats.test.js.snap': snapshotOf('EUR 1.00', 'EUR 2.50'),
    },
    slice: {
      'src/money.js': edited(
        files['src/money.js'],
        "currency + ' ' + round(amount).toFixed(2)",
        "round(amount).toFixed(2) + ' ' + currency",
      ),
      '__tests__/__snapshots__/formats.test.js.snap': snapshotOf('1.00 EUR', '2.50 EUR'),
      '__tests__/money.test.js': edited(files['__tests__/money.test.js'], 'EUR 1.50', '1.50 EUR'),
    },
    deliverables: ['src/money.js'],
  },
  {
    id: 'cart-receipt',
    kind: 'a new snapshot',
    shape: cart,
    slice: {
      'src/receipt.js':
        "const { format } = require('./money');\n\nexports.receipt = (items) => items.map(({ name, price }) => name + ': ' + format(price, 'EUR')).join('\\n');\n",
      '__tests__/receipt.test.js':
        "const { receipt } = require('../src/receipt');\n\ntest('has a line for each item', () => expect(receipt([{ name: 'tea', price: 2 }])).toMatchSnapshot());\n",
      '__tests__/__snapshots__/receipt.test.js.snap':
        '// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing\n\nexports[`has a line for each item 1`] = `"tea: EUR 2.00"`;\n',
    },
  },
  {
    id: 'cart-memo',
    kind: 'a faster function, tests as they were',
    shape: cart,
    slice: {
      'src/tax.js': edited(
        files['src/tax.js'],
        'const rate = rates[country];',
        'const rate = Object.hasOwn(rates, country) ? rates[country] : undefined;',
      ),
      'src/cart.js': edited(
        files['src/cart.js'],
        'return items.reduce((sum, { price, count }) => sum + price * count, 0);',
        'let sum = 0;\n  for (const { price, count } of items) sum += price * count;\n  return sum;',
      ),
    },
  },
  {
    id: 'cart-threshold',
    kind: 'a stricter threshold of coverage as deliverable',
    shape: cart,
    slice: { 'jest.config.cjs': edited(files['jest.config.cjs'], 'lines: 90', 'lines: 95') },
    deliverables: ['jest.config.cjs'],
    commands: ['jest --ci --coverage'],
  },
  {
    id: 'cart-mocked-neighbour',
    kind: 'a test that mocks a neighbour',
    shape: cart,
    slice: {
      'src/checkout.js':
        "const { total } = require('./cart');\n\nexports.checkout = async (items, country, pay) => {\n  const amount = total(items, country);\n  return { paid: await pay(amount), amount };\n};\n",
      '__tests__/checkout.test.js': `jest.mock('../src/cart', () => ({ total: () => 12 }));
const { checkout } = require('../src/checkout');

test('pays the total', async () => {
  const pay = jest.fn(async () => true);
  expect(await checkout([], 'DE', pay)).toEqual({ paid: true, amount: 12 });
  expect(pay).toHaveBeenCalledWith(12);
});
`,
    },
  },
  {
    id: 'cart-old-skip',
    kind: 'a feature beside a test that was skipped before',
    shape: cart,
    base: {
      '__tests__/money.test.js': `${files['__tests__/money.test.js']}test.skip('knows yen', () => expect(format(1, 'JPY')).toBe('JPY 1'));\n`,
    },
    slice: {
      'src/money.js': edited(
        files['src/money.js'],
        'module.exports = {',
        'function negate(amount) {\n  return -round(amount);\n}\n\nmodule.exports = { negate,',
      ),
      '__tests__/money.test.js': `${edited(files['__tests__/money.test.js'], '{ format }', '{ format, negate }')}test.skip('knows yen', () => expect(format(1, 'JPY')).toBe('JPY 1'));\ntest('negates', () => expect(negate(1.005)).toBeCloseTo(-1));\n`,
    },
  },
  {
    id: 'cart-schema',
    kind: 'a schema and its example',
    shape: cart,
    slice: {
      'schema/cart.json': json({ type: 'object', required: ['items'] }),
      'schema/example.json': json({ items: [] }),
    },
  },
  {
    id: 'cart-lock-file',
    kind: 'a dependency moved',
    shape: cart,
    slice: {
      'package.json': json({
        name: 'cart',
        scripts: { test: 'jest --ci' },
        devDependencies: { jest: '30.5.2' },
      }),
      'package-lock.json': json({ name: 'cart', lockfileVersion: 3, packages: {} }),
    },
    deliverables: ['package.json'],
  },
];

export const monoHonest: readonly Honest[] = [
  {
    id: 'mono-week',
    kind: 'a feature through two packages',
    shape: mono,
    slice: {
      'packages/format/src/week.js':
        'exports.week = (date) => {\n  const first = Date.UTC(date.getUTCFullYear(), 0, 1);\n  return Math.floor((date.getTime() - first) / 604_800_000) + 1;\n};\n',
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
      'packages/report/test/report.test.js': edited(
        mono.files['packages/report/test/report.test.js'],
        '1970-01-01 begun',
        '1970-01-01 w1 begun',
      ),
      'packages/format/test/week.test.js':
        "const { week } = require('../src');\n\ntest('counts from January', () => expect(week(new Date(Date.UTC(2024, 0, 9)))).toBe(2));\n",
    },
  },
  {
    id: 'mono-one-package',
    kind: 'a change in one package of a monorepo',
    shape: mono,
    slice: {
      'packages/format/src/table.js': edited(
        mono.files['packages/format/src/table.js'],
        "join(' ').trimEnd()",
        "join('  ').trimEnd()",
      ),
      'packages/format/test/table.test.js': edited(
        mono.files['packages/format/test/table.test.js'],
        "'a    b\\nlong c'",
        "'a     b\\nlong  c'",
      ),
    },
    commands: ['npm test -w packages/format'],
  },
  {
    id: 'mono-moved-test',
    kind: 'a test moved with its source',
    shape: mono,
    slice: {
      'packages/format/src/date.js': null,
      'packages/format/test/date.test.js': null,
      'packages/format/src/dates/day.js': mono.files['packages/format/src/date.js'] ?? '',
      'packages/format/test/dates/day.test.js': edited(
        mono.files['packages/format/test/date.test.js'],
        "'../src'",
        "'../../src'",
      ),
      'packages/format/src/index.js': edited(
        mono.files['packages/format/src/index.js'],
        './date',
        './dates/day',
      ),
    },
  },
];
