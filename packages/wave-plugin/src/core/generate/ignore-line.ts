/**
 * The text of a `.gitignore` with a line that ignores the folder, or null where one is there already. What stands there
 * stays as it is, line ends included; a last line without an end gets one.
 */
export function withIgnoredFolder(text: string | null, folder: string): string | null {
  const lines = (text ?? '').split(/\r?\n/).map((line) => line.trimEnd());
  const spellings = [folder, `${folder}/`, `/${folder}`, `/${folder}/`, `**/${folder}`, `**/${folder}/`];
  const last = lines.findLast((line) => spellings.includes(line.replace(/^!/, '')));
  if (last !== undefined && !last.startsWith('!')) return null;
  const end = text?.includes('\r\n') ? '\r\n' : '\n';
  const before = text === null || text === '' ? '' : /\n$/.test(text) ? text : `${text}${end}`;
  return `${before}${folder}/${end}`;
}
