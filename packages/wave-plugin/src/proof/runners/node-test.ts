import type { Invocation, TestRunner } from '../contracts';
import { readObserved, reportNameCode } from './observed-report';
import { hasOption, hasTestName } from './test-names';

/**
 * A reporter that tells nothing of its own. Where the command names no reporter it takes the place of the default one and
 * lets that one tell: node takes one reporter without a destination, and not two. Seen with Node 20.
 */
const reporter = (folder: string, tells: boolean) => `import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as reporters from 'node:test/reporters';
let runs = 0;
const pathOf = (file) => (file.startsWith('file:') ? fileURLToPath(file) : file);
// A script that asserts and knows nothing of node:test is one test, as it is for node itself.
const isPlainScript = (path) => {
  const text = readFileSync(path, 'utf8');
  return !text.includes('node:test') && text.includes('assert');
};
async function* observe(source) {
  const files = new Map();
  const titles = [];
  for await (const event of source) {
    const { type, data } = event;
    if (type === 'test:start') titles.splice(data.nesting, titles.length, data.name);
    if ((type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite') {
      const path = pathOf(data.file ?? '');
      const file = files.get(path) ?? { path, broken: false, tests: [] };
      files.set(path, file);
      const whole = data.nesting === 0 && path !== '' && resolve(data.name) === path;
      const skipped = data.skip !== undefined || data.todo !== undefined;
      const state = skipped ? 'skip' : type === 'test:pass' ? 'pass' : 'fail';
      if (whole && type === 'test:fail') file.broken = true;
      else if (whole) file.tests.push(...(isPlainScript(path) ? [{ titles: ['(the file itself)'], state }] : []));
      else file.tests.push({ titles: [...titles.slice(0, data.nesting), data.name], state });
    }
    yield event;
  }
  writeFileSync(${JSON.stringify(`${folder}/`)} + ${reportNameCode('node-test')}, JSON.stringify({ files: [...files.values()] }));
}
export default async function* (source) {
${tells ? told : silent}}
`;

/** The reporter that node would have taken: for people `spec`, for pipes before Node 23 `tap`. */
const told = `  const spec = process.stdout.isTTY === true || Number(process.versions.node.split('.')[0]) >= 23;
  if (spec) yield* Readable.from(observe(source)).pipe(new reporters.spec());
  else yield* reporters.tap(observe(source));
`;
const silent = `  for await (const event of observe(source)) void event;
`;

function runsTests({ words: [program, ...words] }: Invocation): boolean {
  if (program !== 'node' && program !== 'tsx') return false;
  if (hasOption(words, '--watch', '--version', '-v', '--help', '-h', '--eval', '-e', '--print', '-p'))
    return false;
  if (hasOption(words, '--test')) return true;
  const script = words.find((word) => !word.startsWith('-'));
  return script !== undefined && hasTestName(script);
}

/** The test runner of Node, with `--test` or as one test file that is started directly. */
export const nodeTestRunner: TestRunner = {
  id: 'node-test',
  name: 'node:test',
  recognises: runsTests,
  instrument({ words, env }, { folder }) {
    if (env['NODE_OPTIONS'] !== undefined) return null;
    const named = hasOption(words, '--test-reporter');
    const placed = hasOption(words, '--test-reporter-destination');
    const own = `--test-reporter=${folder}/node-test-reporter.mjs`;
    // One destination for each reporter, in their order: ours stands in front of those of the command line.
    const places = [
      '--test-reporter-destination=stderr',
      ...(placed ? [] : ['--test-reporter-destination=stdout']),
    ];
    return {
      nodeOptions: named ? [own, ...places] : [own],
      env: {},
      files: [{ name: 'node-test-reporter.mjs', text: reporter(folder, !named) }],
    };
  },
  readReport: (reports, place) => readObserved(reports, place, { passed: ['pass'], failed: ['fail'] }),
  isTestFile: hasTestName,
  configFiles: ['**/node.config.json'],
};
