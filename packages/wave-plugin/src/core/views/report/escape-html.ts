import { harmless } from '../../terminal-text';

/** Text between tags or in an attribute: one line, nothing that is markup, and nothing that turns the text around. */
export function escapeHtml(text: string): string {
  return harmless(text.replace(/\n/g, ' '))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
