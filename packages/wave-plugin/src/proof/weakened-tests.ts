import { type StrengthFinding } from '@nx-wave/schemas';

const cases = /(?<![.\w$])(?:it|test|specify)(?:\.each\b|\.concurrent\b)?\s*[(`]/g;
const passedOver =
  /(?<![\w$])(?:x(?:it|test|describe)\s*\(|(?:it|test|describe|suite)\.(?:skip|only|todo)\b)/g;

/**
 * What the slice did to tests of the base, as far as their texts tell: removed, fewer cases, cases passed over. Shown, and no
 * refusal: whoever asked for a removal gets one.
 */
export function weakenedTests(
  paths: readonly string[],
  { before, now }: { before: ReadonlyMap<string, string>; now: ReadonlyMap<string, string> },
): StrengthFinding[] {
  const told = (message: string, path: string) => ({ code: 'base-tests-changed', message, paths: [path] });
  return paths.flatMap((path) => {
    const [old, text] = [before.get(path), now.get(path)];
    if (old === undefined) return [];
    if (text === undefined) return [told(`The test file ${path} of the base is gone.`, path)];
    const count = (pattern: RegExp, source: string) => source.match(pattern)?.length ?? 0;
    const [fewer, more] = [
      count(cases, old) - count(cases, text),
      count(passedOver, text) - count(passedOver, old),
    ];
    if (fewer > 0) return [told(`${path} has fewer tests than in the base (${fewer} less).`, path)];
    return more > 0 ? [told(`${path} passes over more tests than in the base (${more} more).`, path)] : [];
  });
}
