import type { TestRunner } from '../contracts';
import { readObserved, reportNameCode } from './observed-report';
import { hasOption, hasTestName } from './test-names';

/**
 * Wraps `runCLI` of `@jest/core`, through which the command line and the executors of Nx go, and writes down what it
 * returns: no reporter is added or replaced, no argument changes. Seen with Jest 27, 29 and 30.
 */
const hook = (folder: string) => `'use strict';
const Module = require('node:module');
const { writeFileSync } = require('node:fs');
const load = Module._load;
const observed = new WeakMap();
let runs = 0;
function observe(core) {
  async function runCLI(...args) {
    const ended = await core.runCLI(...args);
    const files = ended.results.testResults.map(({ testFilePath, testExecError, testResults }) => ({
      path: testFilePath,
      broken: testExecError !== undefined && testExecError !== null,
      tests: testResults.map(({ ancestorTitles, title, status }) => ({ titles: [...ancestorTitles, title], state: status })),
    }));
    writeFileSync(${JSON.stringify(`${folder}/`)} + ${reportNameCode('jest')}, JSON.stringify({ files }));
    return ended;
  }
  return new Proxy(core, { get: (target, key) => (key === 'runCLI' ? runCLI : target[key]) });
}
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (request !== '@jest/core' || typeof loaded?.runCLI !== 'function') return loaded;
  if (!observed.has(loaded)) observed.set(loaded, observe(loaded));
  return observed.get(loaded);
};
`;

const tellsOnly = [
  '--help',
  '-h',
  '--version',
  '-v',
  '--init',
  '--showConfig',
  '--listTests',
  '--clearCache',
];
const stays = ['--watch', '--watchAll'];

/** Jest, as a program or in the process of Nx. */
export const jestRunner: TestRunner = {
  id: 'jest',
  name: 'Jest',
  recognises: ({ words }) => words[0] === 'jest' && !hasOption(words, ...tellsOnly, ...stays),
  instrument({ env }, { folder }) {
    if (env['NODE_OPTIONS'] !== undefined) return null;
    return {
      nodeOptions: [`--require=${folder}/jest-hook.cjs`],
      env: {},
      files: [{ name: 'jest-hook.cjs', text: hook(folder) }],
    };
  },
  readReport: (reports, place) => readObserved(reports, place, { passed: ['passed'], failed: ['failed'] }),
  isTestFile: hasTestName,
  configFiles: ['**/jest.config.*', '**/jest.preset.*', '**/jest{.,-}setup*.*', '**/setup{-j,J,.j}est*.*'],
};
