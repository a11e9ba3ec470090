import { splitCommandLine } from '../../core/command-line';
import type { NxTarget, ProofTree } from '../contracts';
import { findTestInvocations } from './find-invocations';
import { testRunners } from './registry';

/** A repository with a package manager's scripts, a package of a workspace and Nx targets. */
const scripts = {
  test: 'jest --ci',
  pretest: 'tsc --noEmit',
  unit: 'node --test test/*.test.mjs',
  both: 'npm run unit && NODE_ENV=test vitest run',
  loose: 'mocha || true',
  piped: 'jest 2>&1 | tee out.log',
  guarded: 'if [ -f x ]; then jest; fi',
  computed: 'node $(which jest)',
  covered: 'c8 --reporter=text mocha -r ts-node/register "test/**/*.spec.ts"',
  crossed: 'cross-env CI=1 jest',
  options: 'NODE_OPTIONS=--experimental-vm-modules jest',
  circle: 'npm run circle',
  away: 'cd packages/a && vitest run',
  build: 'tsc -b && echo jest',
};
const files: Record<string, string> = {
  'package.json': JSON.stringify({ scripts }),
  'packages/a/package.json': JSON.stringify({ name: '@acme/a', scripts: { test: 'vitest run --coverage' } }),
};
const targets: Record<string, NxTarget> = {
  'lib:test': {
    projectRoot: 'libs/lib',
    executor: '@nx/jest:jest',
    options: { jestConfig: 'libs/lib/jest.config.ts' },
  },
  'web:test': {
    projectRoot: 'web',
    executor: 'nx:run-commands',
    options: { command: 'vitest run', cwd: 'web' },
  },
  'cli:test': {
    projectRoot: 'cli',
    executor: 'nx:run-commands',
    options: { commands: ['tsc', { command: 'mocha' }] },
  },
  'page:test': { projectRoot: 'page', executor: '@nx/vitest:test', options: {} },
  'old:test': { projectRoot: 'old', executor: '@nx/vite:test', options: {} },
  'a:test': { projectRoot: 'packages/a', executor: 'nx:run-script', options: { script: 'test' } },
  'b:test': { projectRoot: 'b', executor: '@acme/tools:check', options: {} },
};
const tree: ProofTree = {
  read: async (path) => files[path] ?? null,
  target: async (project, target) => targets[`${project}:${target}`] ?? null,
};

async function found(command: string): Promise<string[]> {
  const line = splitCommandLine(command);
  const invocations = await findTestInvocations(line.ok ? line.words : [], tree, testRunners);
  return invocations.map(
    ({ runner, invocation }) =>
      `${runner.id} ${invocation.cwd === '' ? '' : `in ${invocation.cwd} `}| ${invocation.words.join(' ')}`,
  );
}

describe('findTestInvocations', () => {
  it.each<[string, string[]]>([
    ['jest src', ['jest | jest src']],
    ['npx jest --ci', ['jest | jest --ci']],
    ['npx --no-install jest', ['jest | jest']],
    ['npx -p jest jest a', ['jest | jest a']],
    ['npm exec -- jest a', ['jest | jest a']],
    ['pnpm exec vitest run', ['vitest | vitest run']],
    ['./node_modules/.bin/mocha test', ['mocha | mocha test']],
    ['node node_modules/.bin/jest a', ['jest | jest a']],
    ['node --experimental-vm-modules node_modules/jest/bin/jest.js a', ['jest | jest a']],
    ['node node_modules/vitest/vitest.mjs run', ['vitest | vitest run']],
    ['node node_modules/mocha/bin/_mocha', ['mocha | mocha']],
    ['env CI=1 node --test', ['node-test | node --test']],
    ['node --import tsx --test a.ts', ['node-test | node --import tsx --test a.ts']],
    ['node test/reader.test.mjs', ['node-test | node test/reader.test.mjs']],
    ['bash -c "npx jest"', ['jest | jest']],
    ['npm test', ['jest | jest --ci']],
    ['npm t -- -u', ['jest | jest --ci -u']],
    ['npm --silent test', ['jest | jest --ci']],
    ['npm test --silent', ['jest | jest --ci']],
    ['yarn test src/a', ['jest | jest --ci src/a']],
    ['yarn jest', ['jest | jest']],
    ['pnpm run unit', ['node-test | node --test test/*.test.mjs']],
    ['npm run both', ['node-test | node --test test/*.test.mjs', 'vitest | vitest run']],
    ['npm run loose', ['mocha | mocha']],
    ['npm run piped', ['jest | jest']],
    ['npm run covered', ['mocha | mocha -r ts-node/register test/**/*.spec.ts']],
    ['npm run crossed', ['jest | jest']],
    ['npm run away', ['vitest in packages/a | vitest run']],
    ['npm test -w packages/a', ['vitest in packages/a | vitest run --coverage']],
    ['npm test --workspace=@acme/a', ['vitest in packages/a | vitest run --coverage']],
    ['pnpm --filter @acme/a test', ['vitest in packages/a | vitest run --coverage']],
    ['yarn workspace @acme/a test', ['vitest in packages/a | vitest run --coverage']],
    ['npm --prefix packages/a test', ['vitest in packages/a | vitest run --coverage']],
    ['run-s unit test', ['node-test | node --test test/*.test.mjs', 'jest | jest --ci']],
    ['npx nx test lib', ['jest | jest --config libs/lib/jest.config.ts']],
    ['nx test page', ['vitest | vitest run']],
    ['nx run old:test', ['vitest | vitest run']],
    ['nx run web:test', ['vitest in web | vitest run']],
    ['nx run cli:test:ci --verbose', ['mocha | mocha']],
    ['nx test a --skip-nx-cache', ['vitest in packages/a | vitest run --coverage']],
    [
      'nx run-many -t test -p lib,web',
      ['jest | jest --config libs/lib/jest.config.ts', 'vitest in web | vitest run'],
    ],
  ])('sees through %s', async (command, expected) => {
    expect(await found(command)).toEqual(expected);
  });

  it.each([
    'npm run build',
    'npm run guarded',
    'npm run computed',
    'npm run circle',
    'npm run missing',
    'npm test --workspaces',
    'npm test -w @acme/unknown',
    'pnpm --filter ...a test',
    'pnpm -r test',
    'npx -c "jest"',
    'nx affected -t test',
    'nx run-many -t test',
    'nx test b',
    'nx test unknown',
    'jest --listTests',
    'vitest bench',
    'mocha --version',
    'node server.mjs',
    'node -e 0',
    'cargo test',
    'echo jest',
    'make test',
    'bash test.sh',
  ])('claims nothing of %s', async (command) => {
    expect(await found(command)).toEqual([]);
  });

  it('keeps assignments, so that a runner knows when its own would be lost', async () => {
    const [only] = await findTestInvocations(['npm', 'run', 'options'], tree, testRunners);
    expect(only?.invocation.env).toEqual({ NODE_OPTIONS: '--experimental-vm-modules' });
    expect(only?.runner.instrument(only.invocation, { folder: '/r', root: '/w' })).toBeNull();
  });
});
