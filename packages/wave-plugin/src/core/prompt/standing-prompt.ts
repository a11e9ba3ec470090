/** The fenced block under `## Standing prompt` of a role file; the whole text when it has none. */
export function standingPrompt(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const heading = lines.findIndex((line) => /^##\s+Standing prompt\s*$/i.test(line));
  if (heading < 0) return text.trim();
  const open = lines.findIndex((line, index) => index > heading && /^ {0,3}(`{3,}|~{3,})/.test(line));
  const fence = open < 0 ? null : /^ {0,3}(`{3,}|~{3,})/.exec(lines[open] ?? '')?.[1];
  if (!fence) return text.trim();
  const close = lines.findIndex(
    (line, index) =>
      index > open && line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? '', '') === '',
  );
  return lines
    .slice(open + 1, close < 0 ? undefined : close)
    .join('\n')
    .trim();
}
