import type { WaveRecord } from '@nx-wave/schemas';
import { recordName } from '../result/record-names';

/** One record as an agent reads it. Its name is there to be answered by: with its author where others use the same id. */
export function recordLine(by: string, record: WaveRecord, shared: ReadonlySet<string> = new Set()): string {
  const { kind, summary, detail, artifactRefs } = record;
  const id = record.id === undefined ? undefined : recordName({ by, id: record.id }, shared);
  const refs = artifactRefs && artifactRefs.length > 0 ? ` (see ${artifactRefs.join(', ')})` : '';
  return oneLine(`${by} ${kind}${id ? ` [${id}]` : ''}: ${summary}${detail ? `. ${detail}` : ''}${refs}`);
}

/** An agent's text stays on its line: it cannot pass for another heading of the prompt. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
