/** A markdown text without its YAML front matter, which is for whoever looks for the text and not for whoever reads it. */
export function withoutFrontMatter(text: string): string {
  return text.replace(/^\uFEFF?---\r?\n[^]*?\r?\n---(?:\r?\n)+/, '');
}
