import { oneOf, quote, type Diagnostics, type Spot } from './diagnostics';
import { entrySpot, unwrap, type Entry } from './entries';
import { nearest } from './nearest';

/** Component, capability, skill, environment and target ids. */
export function isId(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]*$/.test(text);
}

/** What a word or an id is, in words for people, and where it stands. */
export interface Written {
  what: string;
  spot: Spot;
}

/** Checks a word of a closed list; says which one was probably meant. */
export function readWord<T extends string>(
  word: string,
  { list, what, spot }: Written & { list: readonly T[] },
  diagnostics: Diagnostics,
): T | null {
  const found = list.find((known) => known === word);
  if (found !== undefined) return found;
  const meant = diagnostics.isFull ? null : nearest(word, list);
  diagnostics.error('value-unknown-word', spot, {
    message: `${quote(word)} is no ${what}: it must be ${oneOf(list)}.`,
    next: meant === null ? `Write one of: ${list.join(', ')}.` : `Write \`${meant}\`.`,
    facts: { expected: [...list], ...(meant === null ? {} : { nearest: meant }) },
  });
  return null;
}

/** Checks an id; the suggestion is the same text in the grammar of ids. */
export function readId(text: string, { what, spot }: Written, diagnostics: Diagnostics): string | null {
  const id = unwrap(text);
  if (isId(id)) return id;
  const likely = id
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  diagnostics.error('id-malformed', spot, {
    message: `${quote(id)} is no ${what}: small letters, digits, \`.\`, \`_\` and \`-\`, beginning with a letter or digit.`,
    ...(isId(likely) && likely.length < 80 ? { next: `Write \`${likely}\`.` } : {}),
  });
  return null;
}

/** A list section of ids without doubles. */
export function readIds(entries: readonly Entry[], what: string, diagnostics: Diagnostics): string[] {
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = readId(entry.text, { what, spot: entrySpot(entry) }, diagnostics);
    if (id === null) continue;
    if (ids.has(id))
      diagnostics.error('entry-duplicate', entrySpot(entry), {
        message: `The ${what} ${quote(id)} is listed twice.`,
        next: 'Remove one of the two lines.',
      });
    else ids.add(id);
  }
  return [...ids];
}
