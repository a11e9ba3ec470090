import { json, type Shape } from '../proof-case';

/** A command line tool in CommonJS on Mocha. */
export const cli: Shape = {
  runner: 'mocha',
  commands: ['npx mocha'],
  files: {
    'package.json': json({ name: 'cli', bin: 'bin/cli.cjs', scripts: { test: 'mocha' } }),
    '.mocharc.json': json({ spec: 'test/**/*.spec.cjs' }),
    'bin/cli.cjs': "require('../lib/run.cjs').run(process.argv.slice(2), console.log);\n",
    'lib/args.cjs': `exports.parseArgs = (words) => {
  const options = { names: [] };
  for (const word of words) {
    const [, key, value] = /^--([a-z]+)(?:=(.*))?$/.exec(word) ?? [];
    if (key === undefined) options.names.push(word);
    else options[key] = value ?? true;
  }
  return options;
};
`,
    'lib/run.cjs': `const { parseArgs } = require('./args.cjs');

exports.run = (words, print) => {
  const { names, loud } = parseArgs(words);
  for (const name of names) print(loud ? 'HELLO ' + name.toUpperCase() : 'hello ' + name);
};
`,
    'test/args.spec.cjs': `const assert = require('node:assert/strict');
const { parseArgs } = require('../lib/args.cjs');

describe('parseArgs', () => {
  it('tells names from options', () => {
    assert.deepEqual(parseArgs(['a', '--loud', '--to=b']), { names: ['a'], loud: true, to: 'b' });
  });
});
`,
    'test/run.spec.cjs': `const assert = require('node:assert/strict');
const { run } = require('../lib/run.cjs');

describe('run', () => {
  it('greets', () => {
    const lines = [];
    run(['Ada', '--loud'], (line) => lines.push(line));
    assert.deepEqual(lines, ['HELLO ADA']);
  });
});
`,
  },
};
