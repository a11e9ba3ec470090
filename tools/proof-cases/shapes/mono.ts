import { json, type Shape } from '../proof-case';

/** A monorepo of npm workspaces on Jest: a package that formats, and one that reports with it. */
export const mono: Shape = {
  runner: 'jest',
  commands: ['npm test'],
  files: {
    'package.json': json({
      name: 'mono',
      private: true,
      workspaces: ['packages/*'],
      scripts: { test: 'jest --ci' },
    }),
    'jest.config.cjs':
      "module.exports = { transform: {}, testMatch: ['<rootDir>/packages/*/test/**/*.test.js'] };\n",
    'packages/format/package.json': json({
      name: '@acme/format',
      main: 'src/index.js',
      scripts: { test: 'jest --ci --rootDir ../.. packages/format' },
    }),
    'packages/format/src/index.js': "module.exports = { ...require('./date'), ...require('./table') };\n",
    'packages/format/src/date.js': `const pad = (number) => String(number).padStart(2, '0');

exports.day = (date) => [date.getUTCFullYear(), pad(date.getUTCMonth() + 1), pad(date.getUTCDate())].join('-');
`,
    'packages/format/src/table.js': `exports.table = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join(' ').trimEnd()).join('\\n');
};
`,
    'packages/format/test/date.test.js': `const { day } = require('../src');

test('writes a day', () => expect(day(new Date(Date.UTC(2024, 1, 3)))).toBe('2024-02-03'));
`,
    'packages/format/test/table.test.js': `const { table } = require('../src');

test('aligns columns', () => expect(table([['a', 'b'], ['long', 'c']])).toBe('a    b\\nlong c'));
`,
    'packages/report/package.json': json({
      name: '@acme/report',
      main: 'src/index.js',
      scripts: { test: 'jest --ci --rootDir ../.. packages/report' },
    }),
    'packages/report/src/index.js': `const { day, table } = require('../../format/src');

exports.report = (entries) => table(entries.map(({ at, what }) => [day(at), what]));
`,
    'packages/report/test/report.test.js': `const { report } = require('../src');

test('has a line for each entry', () => {
  expect(report([{ at: new Date(0), what: 'begun' }])).toBe('1970-01-01 begun');
});
`,
  },
};
