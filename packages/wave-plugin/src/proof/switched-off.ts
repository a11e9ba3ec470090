/** Lines that make a checker leave a whole file alone. */
const directives =
  /^[ \t]*(?:\/\/\/?[ \t]*@ts-nocheck\b[^\n]*|\/\*[ \t]*@ts-nocheck\b[^*]*\*\/|\/\*[ \t]*eslint-disable[ \t]*\*\/)/gm;

const countOf = (text: string) => text.match(directives)?.length ?? 0;

/**
 * A text without the lines that switch checkers off for all of it, where the base has fewer of them: what a checker says of the
 * work counts, and not that it was told to look away. Null where there is none that is new.
 */
export function withChecksOn(text: string, before: readonly string[]): string | null {
  const added = countOf(text);
  if (added === 0 || before.some((one) => countOf(one) >= added)) return null;
  return text.replace(directives, '');
}
