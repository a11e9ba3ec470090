import type { WaveRecord } from '@nx-wave/schemas';

/** One record as an agent reads it. The id is there to be answered by name. */
export function recordLine(by: string, record: WaveRecord): string {
  const { id, kind, summary, detail, artifactRefs } = record;
  const refs = artifactRefs && artifactRefs.length > 0 ? ` (see ${artifactRefs.join(', ')})` : '';
  return oneLine(`${by} ${kind}${id ? ` [${id}]` : ''}: ${summary}${detail ? `. ${detail}` : ''}${refs}`);
}

/** An agent's text stays on its line: it cannot pass for another heading of the prompt. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
