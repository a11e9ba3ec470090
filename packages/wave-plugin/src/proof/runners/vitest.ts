import type { TestRunner } from '../contracts';
import { readObserved, reportNameCode } from './observed-report';
import { hasOption, hasTestName } from './test-names';

/**
 * Adds a reporter to the arguments that the main script of Vitest reads, beside the ones that the command line names or
 * beside the default one. Reporters of a configuration file are left out of such a run: they only tell, and decide nothing.
 * Where Nx runs an executor, which starts Vitest in its own process, modules of Vitest are observed as they are loaded.
 */
const hook = (folder: string) => `'use strict';
const { realpathSync } = require('node:fs');
const { register } = require('node:module');
const { pathToFileURL } = require('node:url');
const { isMainThread } = require('node:worker_threads');
let script = '';
try {
  script = realpathSync(process.argv[1]).replaceAll('\\\\', '/');
} catch {}
if (isMainThread && script.endsWith('/vitest/vitest.mjs')) {
  const named = process.argv.some((word) => /^--reporters?(?:=|$)/.test(word));
  const own = ${JSON.stringify(`--reporter=${folder}/vitest-reporter.mjs`)};
  process.argv.splice(2, 0, ...(named ? [own] : ['--reporter=default', own]));
}
if (isMainThread && /\\/nx\\/(?:dist\\/)?bin\\/run-executor\\.js$/.test(script) && register !== undefined)
  register(pathToFileURL(__dirname + '/vitest-modules.mjs').href);
`;

/**
 * Hands out `vitest/node` with a `startVitest` that writes down what has run once it has ended: no reporter is added or
 * replaced, no argument changes. Everything else of the module is the module's own.
 */
const modules = `const mark = '?nx-wave-observed';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  const own = context.parentURL?.endsWith(mark) === true;
  if (specifier !== 'vitest/node' || own || !found.url.startsWith('file:')) return found;
  return { ...found, url: found.url + mark, format: 'module' };
}
export async function load(url, context, next) {
  if (!url.endsWith(mark)) return next(url, context);
  const real = JSON.stringify(url.slice(0, -mark.length));
  const reporter = JSON.stringify(new URL('./vitest-reporter.mjs', import.meta.url).href);
  const source = \`import * as vitest from \${real};
import { writeRun } from \${reporter};
export * from \${real};
export async function startVitest(...args) {
  const ended = await vitest.startVitest(...args);
  if (typeof ended?.state?.getFiles === 'function') writeRun(ended.state.getFiles());
  return ended;
}
\`;
  return { format: 'module', source, shortCircuit: true };
}
`;

/** `onTestRunEnd` is called from Vitest 3 on, `onFinished` up to it. Seen with Vitest 1, 3 and 4. */
const reporter = (folder: string) => `import { writeFileSync } from 'node:fs';
let runs = 0;
const write = (files) =>
  writeFileSync(${JSON.stringify(`${folder}/`)} + ${reportNameCode('vitest')}, JSON.stringify({ files }));
const titlesOf = (test) => (test.parent?.type === 'suite' ? [...titlesOf(test.parent), test.name] : [test.name]);
const walk = (tasks, titles) =>
  tasks.flatMap((task) =>
    task.type === 'suite'
      ? walk(task.tasks, [...titles, task.name])
      : [{ titles: [...titles, task.name], state: task.result?.state ?? task.mode }],
  );
export const writeRun = (files) =>
  write(
    files.map((file) => ({
      path: file.filepath,
      broken: file.result?.state === 'fail',
      tests: walk(file.tasks, []),
    })),
  );
export default class {
  told = false;
  onTestRunEnd(modules) {
    this.told = true;
    write(
      modules.map((module) => ({
        path: module.moduleId,
        broken: module.state() === 'failed',
        tests: [...module.children.allTests()].map((test) => ({ titles: titlesOf(test), state: test.result().state })),
      })),
    );
  }
  onFinished(files = []) {
    if (!this.told) writeRun(files);
  }
}
`;

const runs = ['run', 'related', 'watch', 'dev'];
const otherWork = ['bench', 'list', 'init', 'typecheck', 'complete'];
const tellsOnly = ['--help', '-h', '--version', '-v', '--merge-reports', '--mergeReports'];

/** Vitest, as a program or in the process of Nx. Inside that of another tool it cannot be observed by environment alone. */
export const vitestRunner: TestRunner = {
  id: 'vitest',
  name: 'Vitest',
  recognises({ words: [program, ...words] }) {
    if (program !== 'vitest' || hasOption(words, ...tellsOnly)) return false;
    return !otherWork.includes(words.find((word) => [...runs, ...otherWork].includes(word)) ?? 'run');
  },
  instrument({ env }, { folder }) {
    if (env['NODE_OPTIONS'] !== undefined) return null;
    return {
      nodeOptions: [`--require=${folder}/vitest-hook.cjs`],
      env: {},
      files: [
        { name: 'vitest-hook.cjs', text: hook(folder) },
        { name: 'vitest-reporter.mjs', text: reporter(folder) },
        { name: 'vitest-modules.mjs', text: modules },
      ],
    };
  },
  readReport: (reports, place) =>
    readObserved(reports, place, { passed: ['passed', 'pass'], failed: ['failed', 'fail'] }),
  isTestFile: hasTestName,
  configFiles: ['**/vitest.config.*', '**/vitest.workspace.*', '**/vite.config.*', '**/vitest{.,-}setup*.*'],
};
