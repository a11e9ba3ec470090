/** Signs that may take two columns of a terminal: from Hangul on, which is more than do. */
const wideFrom = 0x1100;

/** Columns that a text takes, at most: what is not sure to be narrow counts as wide, so that no line breaks. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += (sign.codePointAt(0) ?? 0) < wideFrom || sign === '…' ? 1 : 2;
  return width;
}

/** The text in so many columns, with `…` where something is missing. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const sign of text) {
    used += widthOf(sign);
    if (used > width - 1) break;
    kept += sign;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** The text with blanks up to so many columns. */
export function padTo(text: string, width: number, atRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return atRight ? blanks + text : text + blanks;
}
