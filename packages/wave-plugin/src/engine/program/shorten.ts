const shownLength = 160;

/** A line of a bearable length. Only for text without secrets: a cut must not leave the first part of one. */
export function shorten(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text;
}
