// Loads test files given as workspace paths into this process; run-tests.mjs starts it. What is written in TypeScript is
// compiled in passing: without a configuration to look up, that takes a third of the time of a general loader.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const options = {
  swcrc: false,
  sourceMaps: 'inline',
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
  module._compile(code, filename);
};
process.setSourceMapsEnabled(true);

for (const path of process.argv.slice(2)) require(resolve(path));
