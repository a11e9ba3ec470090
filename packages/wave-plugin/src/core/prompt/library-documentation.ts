import type { AgentContext7 } from '../model';

/** How many characters of documents a prompt may hold: the rest is in the checkout, where the agent can read on. */
export const documentBudget = 12_000;

/** The part of a prompt that holds the agent's Context7 bundle: what to look for, in which libraries, and the documents. */
export function libraryDocumentation(
  { query, libraries }: AgentContext7,
  documents: readonly { path: string; text: string }[],
): string[] {
  if (libraries.length === 0 && documents.length === 0) return [];
  const lines = ['## Library documentation', ''];
  if (query !== null) lines.push(`Look for: ${query}`, '');
  for (const { name, queryHint } of libraries)
    lines.push(`- ${name}${queryHint === null ? '' : `: ${queryHint}`}`);
  if (libraries.length > 0) lines.push('');
  let left = documentBudget;
  for (const { path, text } of documents) {
    const body = text.trim();
    if (body === '') continue;
    if (left === 0) {
      lines.push(`Read \`${path}\` too.`, '');
      continue;
    }
    lines.push(`### ${path}`, '', body.slice(0, left), '');
    if (body.length > left) lines.push(`Read on in \`${path}\`.`, '');
    left = Math.max(0, left - body.length);
  }
  return lines;
}
