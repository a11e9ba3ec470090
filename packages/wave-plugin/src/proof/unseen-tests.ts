import { type Invocation } from './contracts';
import { hasTestName } from './runners/test-names';

/** Programs that run tests and leave no evidence that is understood here. */
const testers = new Set(
  (
    'playwright cypress ava tap tape jasmine jasmine-node karma wdio testcafe nightwatch uvu qunit wtr web-test-runner ' +
    'cucumber-js cucumber test-storybook codeceptjs detox lab zora tsd vue-cli-service react-scripts'
  ).split(' '),
);
/** Programs that run whatever their own files say. */
const drivers = new Set(
  'make just task turbo lerna gulp grunt docker docker-compose bazel moon rush lage wireit'.split(' '),
);
/** Programs that run tests when they are told to by a word. */
const told = new Set('npm pnpm yarn bun deno ng bash sh zsh node tsx ts-node'.split(' '));
const testing = /(^|[^a-z])(tests?|specs?|e2e)([^a-z]|$)/i;

/**
 * Whether a command may run tests that nobody here sees: a runner without known evidence, a program that runs what its own files
 * say, or a line that cannot be seen through. `known`: its runners leave evidence, which is all that is asked of those.
 */
export function mayTestUnseen(
  programs: readonly Invocation[],
  { closedExecutors, isKnown }: { closedExecutors: readonly string[]; isKnown(one: Invocation): boolean },
): boolean {
  if (closedExecutors.length > 0 || programs.length === 0) return true;
  return programs.some((one) => {
    const [program = '', ...words] = one.words;
    if (isKnown(one)) return false;
    if (testers.has(program) || drivers.has(program)) return true;
    return told.has(program) && words.some((word) => testing.test(word) || hasTestName(word));
  });
}
