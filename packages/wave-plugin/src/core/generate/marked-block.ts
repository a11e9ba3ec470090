const begin = '<!-- nx-wave:begin -->';
const end = '<!-- nx-wave:end -->';

/**
 * A text file of somebody else with one block of ours, between two marks: the block is replaced, what is around it stays as it is. Null
 * where nothing changes. One mark without the other is refused: what is ours cannot be told then.
 */
export function withMarkedBlock(
  text: string | null,
  block: string,
): { ok: true; text: string | null } | { ok: false; problem: string } {
  const before = text ?? '';
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  const ours = `${begin}\n\n${block.trim()}\n\n${end}`;
  if (from < 0 && to < 0) {
    const gap = before === '' ? '' : before.endsWith('\n') ? '\n' : '\n\n';
    return { ok: true, text: `${before}${gap}${ours}\n` };
  }
  if (from < 0 || to < from)
    return { ok: false, problem: `It has one of the lines ${begin} and ${end} without the other.` };
  const after = before.slice(0, from) + ours + before.slice(to + end.length);
  return { ok: true, text: after === before ? null : after };
}
