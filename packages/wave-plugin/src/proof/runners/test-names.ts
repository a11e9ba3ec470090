/** What only other runners take for tests: browsers and whole systems. */
const elsewhere =
  /(?:^|\/)(?:e2e|cypress|playwright)\/|\.(?:e2e|cy|pw)[-.]|(?:^|\/)[^/]*-e2e\/|(?:^|\/)(?:__)?fixtures(?:__)?\//;
const named = /(?:^|[./_-])(?:test|spec)\.[cm]?[jt]sx?$/;

/**
 * Whether a path is a test by its name alone: `reader.test.ts`, `reader-spec.js`, `test.mjs`. Helpers in a folder of tests
 * are none, and nothing that is known to belong to a runner of browsers: a changed one would be missed among those that ran.
 */
export const hasTestName = (path: string): boolean => named.test(path) && !elsewhere.test(path);

/** Whether one of the words is one of these options, with or without a value. */
export const hasOption = (words: readonly string[], ...options: string[]): boolean =>
  words.some((word) => options.some((option) => word === option || word.startsWith(`${option}=`)));
