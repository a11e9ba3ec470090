/** A text or markdown file: what a report is. */
export function isText(path: string): boolean {
  return /\.(md|txt)$/i.test(path);
}
