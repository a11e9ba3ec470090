/** The instruments of the runners (`instrument` in this folder) on the real runners. */
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { splitCommandLine } from '../../core/command-line';
import type { ProofTree, TestReport } from '../contracts';
import expectedReports from './__reports__/expected.json';
import { findTestInvocations } from './find-invocations';
import { testRunners } from './registry';

const modules = join(__dirname, '../../../../../node_modules');

const files: Record<string, string> = {
  'package.json': JSON.stringify({
    scripts: {
      node: 'node --test node/',
      dot: 'node --test --test-reporter=dot node/a.test.mjs',
      placed: 'node --test --test-reporter=tap --test-reporter-destination=out.tap node/a.test.mjs',
      // Neither says of a slow machine that a worker was late or a test slow.
      jest: 'jest --rootDir jest --runInBand',
      vitest: 'vitest run --dir vitest --slowTestThreshold=600000',
      mocha: "mocha 'mocha/*.spec.*'",
      exits: 'node --test exits/',
      both: 'node --test node/a.test.mjs && mocha mocha/a.spec.cjs',
    },
  }),
  'node/a.test.mjs': `import test, { describe, it } from 'node:test';
test('top', () => {});
test('left out', { skip: true }, () => {});
test('to do', { todo: true }, () => {});
describe('suite', () => { it('inner', async (t) => { await t.test('sub', () => {}); }); });`,
  'node/b.test.mjs': `import test from 'node:test'; test('red', () => { throw new Error('x'); });`,
  'node/empty.test.mjs': `import 'node:test';`,
  'node/plain.test.mjs': `import assert from 'node:assert'; assert.ok(true);`,
  'node/broken.test.mjs': `import './nowhere.mjs';`,
  'exits/a.test.mjs': `import test from 'node:test'; process.exit(0); test('never', () => {});`,
  'jest/a.test.js': `test('top', () => {});
describe('suite', () => { test('inner', () => {}); test.skip('left out', () => {}); test.todo('to do'); });`,
  'jest/b.test.js': `test('red', () => { throw new Error('x'); });`,
  'jest/broken.test.js': `require('./nowhere');`,
  'vitest/a.test.ts': `import { describe, it } from 'vitest';
it('top', () => {});
describe('suite', () => { it('inner', (): void => {}); it.skip('left out', () => {}); it.todo('to do'); });`,
  'vitest/b.test.ts': `import { it } from 'vitest'; it('red', () => { throw new Error('x'); });`,
  'vitest/broken.test.ts': `import './nowhere';`,
  // As the executors of Nx for Vitest do: in the process of Nx, which is none of Vitest's own.
  'nx.json': '{}',
  'web/project.json': JSON.stringify({ name: 'web', targets: { test: { executor: './web:in-process' } } }),
  'web/package.json': JSON.stringify({ name: 'web', executors: './executors.json' }),
  'web/executors.json': JSON.stringify({
    executors: { 'in-process': { implementation: './in-process.cjs', schema: './schema.json' } },
  }),
  'web/schema.json': JSON.stringify({ version: 2, type: 'object', properties: {} }),
  'web/in-process.cjs': `module.exports.default = async () => {
  const { startVitest } = await Function('return import("vitest/node")')();
  const ended = await startVitest('test', [], { run: true, dir: 'vitest', slowTestThreshold: 600000 });
  return { success: ended.state.getFailedTests().length === 0 && process.exitCode === undefined };
};`,
  'mocha/a.spec.cjs': `it('top', () => {});
describe('suite', () => { it('inner', () => {}); it.skip('left out', () => {}); it('to do'); });`,
  'mocha/b.spec.mjs': `describe('suite', () => { beforeEach(() => { throw new Error('x'); }); it('never', () => {}); });`,
};

interface Ran {
  code: number;
  output: string;
  report: TestReport | null;
}

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-observe-')));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(modules, join(root, 'node_modules'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tree: ProofTree = {
  read: async (path) => files[path] ?? null,
  // By its name: the executor that runs is the one above.
  target: async () => ({ projectRoot: 'web', executor: '@nx/vitest:test', options: {} }),
};

/** Runs a command as it is and observed, each runner with a folder of its own. */
async function observe(command: string): Promise<{ plain: Ran; observed: Record<string, Ran> }> {
  const line = splitCommandLine(command);
  const words = line.ok ? line.words : [];
  const observed: Record<string, Ran> = {};
  for (const { runner, invocation } of await findTestInvocations(words, tree, testRunners)) {
    const folder = mkdtempSync(join(root, '..', 'nx-wave-report-'));
    const place = { folder, root };
    const instrument = runner.instrument(invocation, place);
    for (const { name, text } of instrument?.files ?? []) writeFileSync(join(folder, name), text);
    const ran = await run(words, {
      NODE_OPTIONS: (instrument?.nodeOptions ?? []).join(' '),
      ...instrument?.env,
    });
    const own = (instrument?.files ?? []).map(({ name }) => name);
    const reports = readdirSync(folder)
      .filter((name) => !own.includes(name))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
    observed[runner.id] = { ...ran, report: runner.readReport(reports, place) };
    rmSync(folder, { recursive: true });
  }
  return { plain: { ...(await run(words, {})), report: null }, observed };
}

function run([program = '', ...args]: string[], more: Record<string, string>): Promise<Omit<Ran, 'report'>> {
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^(?:NODE_|JEST_|npm_|VITEST|GIT_)/.test(name),
  );
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(outer),
    PATH: [join(modules, '.bin'), process.env['PATH']].join(delimiter),
    CI: 'true',
    NO_COLOR: '1',
    npm_config_update_notifier: 'false',
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    NX_SKIP_NX_CACHE: 'true',
    ...more,
  };
  return new Promise((resolve) => {
    execFile(program, args, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: withoutTimes(stdout + stderr) }),
    );
  });
}

/** Durations, and the order of files that finish side by side, are no matter of the observer. */
const withoutTimes = (text: string) =>
  text
    .replaceAll(/\b\d[\d:.]*\s?(?:m?s)?\b/g, '#')
    .split('\n')
    .filter((line) => !/Time:|Start at|Duration/.test(line))
    .map((line) => line.replace(/ \(?#\)?$/, '').trim())
    .filter((line) => line !== '')
    .sort()
    .join('\n');

const told = (ran: Ran | undefined) =>
  Object.fromEntries(
    (ran?.report?.files ?? []).map(({ path, tests }) => [
      path,
      tests.map(({ name, state }) => `${state} ${name}`).sort(),
    ]),
  );

describe('observing a runner', () => {
  it.each([
    ['npm run node', 'node-test'],
    ['npm run jest', 'jest'],
    ['npm run vitest', 'vitest'],
    ['npm run mocha', 'mocha'],
  ])('writes down what ran for `%s`, and changes neither output nor exit code', async (command, id) => {
    const { plain, observed } = await observe(command);
    expect(told(observed[id])).toEqual(expectedReports[id as keyof typeof expectedReports]);
    expect(observed[id]?.code).toBe(plain.code);
    expect(observed[id]?.output).toBe(plain.output);
  });

  it('writes down what Vitest ran in the process of Nx, and changes neither output nor exit code', async () => {
    const { plain, observed } = await observe('nx run web:test');
    expect(told(observed['vitest'])).toEqual(expectedReports.vitest);
    expect(observed['vitest']?.code).toBe(plain.code);
    expect(observed['vitest']?.output).toBe(plain.output);
  });

  it.each([['npm run dot'], ['npm run placed'], ['node node/a.test.mjs'], ['node --test node/a.test.mjs']])(
    'goes along with the reporters that `%s` names',
    async (command) => {
      const { plain, observed } = await observe(command);
      const { 'node-test': ran } = observed;
      expect(Object.keys(told(ran))).toEqual(['node/a.test.mjs']);
      expect([ran?.code, ran?.output]).toEqual([0, plain.output]);
    },
  );

  it('tells that a run that ended itself has run nothing', async () => {
    const { observed } = await observe('npm run exits');
    expect(observed['node-test']?.code).toBe(0);
    expect(told(observed['node-test'])).toEqual({ 'exits/a.test.mjs': [] });
  });

  it('keeps the runners of one script apart', async () => {
    const { observed } = await observe('npm run both');
    expect(Object.keys(told(observed['node-test']))).toEqual(['node/a.test.mjs']);
    expect(Object.keys(told(observed['mocha']))).toEqual(['mocha/a.spec.cjs']);
  });

  it.each([
    ['mocha --parallel mocha/a.spec.cjs', 'mocha', 'mocha/a.spec.cjs'],
    ['mocha --stack-size=900 mocha/a.spec.cjs', 'mocha', 'mocha/a.spec.cjs'],
    ['vitest run --reporter=dot --dir vitest a.test', 'vitest', 'vitest/a.test.ts'],
    ['jest --rootDir jest --maxWorkers=2 a.test', 'jest', 'jest/a.test.js'],
    ['jest --rootDir jest --json a.test', 'jest', 'jest/a.test.js'],
  ])('counts each test of `%s` once', async (command, id, path) => {
    const { observed } = await observe(command);
    expect(told(observed[id])[path]).toHaveLength(4);
  });

  it('tells a run that found no test from one that was not seen', async () => {
    const { observed } = await observe('jest --rootDir jest --passWithNoTests nothing');
    expect(observed['jest']?.report).toEqual({ files: [] });
  });
});
