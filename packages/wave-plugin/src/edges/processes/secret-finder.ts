import { loadRe2js } from '../load-package';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';

/** Where a text holds a secret: places from `start` up to, not including, `end`. */
export type SecretFinder = (text: string) => { start: number; end: number }[];

const longestPattern = 1_000;
const mostPatterns = 100;
/** One search is linear in the text, many searches in one line need not be: past this the rest of the line is hidden. */
const longestSearchMs = 1_000;

/**
 * Makes finders of the regular expressions in `secrets.patterns`. They meet the output of agents, so they run on an engine
 * whose time is linear in the text whatever the expression; look-around and back-references are what it cannot do. The
 * engine is loaded only where there is something to compile.
 */
export async function compileSecretPatterns(
  patterns: readonly string[],
): Promise<Result<SecretFinder[], Failure[]>> {
  if (patterns.length === 0) return ok([]);
  if (patterns.length > mostPatterns)
    return err([unusable(`secrets.patterns has ${patterns.length} entries, of at most ${mostPatterns}`)]);
  const { RE2JS } = await loadRe2js();
  const finders: SecretFinder[] = [];
  const failures: Failure[] = [];
  patterns.forEach((pattern, index) => {
    const refuse = (why: string) => failures.push(unusable(`secrets.patterns.${index} ${why}`));
    if (pattern.length > longestPattern) return refuse(`is longer than ${longestPattern} characters`);
    try {
      const compiled = RE2JS.compile(pattern);
      if (compiled.matcher('').find()) return refuse('matches the empty text, and so would hide everything');
      finders.push((text) => {
        const found: { start: number; end: number }[] = [];
        const matcher = compiled.matcher(text);
        const until = performance.now() + longestSearchMs;
        while (matcher.find()) {
          if (performance.now() > until) return [...found, { start: matcher.start(), end: text.length }];
          if (matcher.end() > matcher.start()) found.push({ start: matcher.start(), end: matcher.end() });
        }
        return found;
      });
    } catch (error) {
      refuse(`cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
    return undefined;
  });
  return failures.length > 0 ? err(failures) : ok(finders);
}

function unusable(what: string): Failure {
  return failure('config-invalid-value', `${what}.`, {
    place: { path: 'wave.config.json' },
    next: 'Correct the expression: RE2 syntax, without look-around and back-references.',
  });
}
