// Loads test files given as workspace paths into this process; run-tests.mjs starts it.
const { resolve } = require('node:path');
require('./load-typescript.cjs');

for (const path of process.argv.slice(2)) require(resolve(path));
