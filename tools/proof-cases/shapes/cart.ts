import { json, type Shape } from '../proof-case';

/** A shop's prices in CommonJS on Jest, with a threshold of coverage. */
export const cart: Shape = {
  runner: 'jest',
  commands: ['jest --ci'],
  files: {
    'package.json': json({ name: 'cart', scripts: { test: 'jest --ci' } }),
    'jest.config.cjs': `module.exports = {
  transform: {},
  testEnvironment: 'node',
  collectCoverageFrom: ['src/**/*.js'],
  coverageThreshold: { global: { lines: 90 } },
};
`,
    'src/money.js': `function round(amount) {
  return Math.round(amount * 100) / 100;
}

function format(amount, currency) {
  return currency + ' ' + round(amount).toFixed(2);
}

module.exports = { format, round };
`,
    'src/tax.js': `const rates = { DE: 0.19, FR: 0.2, US: 0 };

function rateOf(country) {
  const rate = rates[country];
  if (rate === undefined) throw new RangeError('no rate for ' + country);
  return rate;
}

module.exports = { rateOf };
`,
    'src/cart.js': `const { round } = require('./money');
const { rateOf } = require('./tax');

function net(items) {
  return items.reduce((sum, { price, count }) => sum + price * count, 0);
}

function total(items, country) {
  return round(net(items) * (1 + rateOf(country)));
}

module.exports = { net, total };
`,
    '__tests__/cart.test.js': `const { total } = require('../src/cart');

describe('total', () => {
  test('adds tax', () => expect(total([{ price: 10, count: 2 }], 'FR')).toBe(24));
  test('knows no unknown country', () => expect(() => total([], 'XX')).toThrow(RangeError));
});
`,
    '__tests__/money.test.js': `const { format } = require('../src/money');

test('formats cents', () => expect(format(1.5, 'EUR')).toBe('EUR 1.50'));
`,
  },
};
