/**
 * fast-check with one seed for every run, so that the same commit always gets the same answer. Another seed looks further:
 * `NX_WAVE_SEED=random npx jest properties`, or a number.
 */
const { join } = require('node:path');
const fc = require(join(__dirname, '../../node_modules/fast-check/lib/cjs/fast-check.js'));

const { NX_WAVE_SEED: seed = '20261128' } = process.env;
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

module.exports = fc;
