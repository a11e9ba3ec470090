// Runs every test of the library in one process: `node apps/example/tools/run-tests.cjs`.
const { readdirSync } = require('node:fs');
const { join, resolve } = require('node:path');

process.chdir(resolve(__dirname, '../../..'));
require('@swc-node/register');

const folder = resolve('apps/example/src');
for (const name of readdirSync(folder).sort()) {
  if (name.endsWith('.test.ts')) require(join(folder, name));
}
