/**
 * What a program printed, out of the transcript that the runner kept of it (`{"stream", "text"}` line by line). Both
 * streams in the order in which they came, as the log of the earlier wave system had them. A torn line is left out.
 */
export function logOfTranscript(transcript: string): string {
  const lines: string[] = [];
  for (const line of transcript.split('\n')) {
    const text = textOf(line);
    if (text !== null) lines.push(text);
  }
  return lines.join('\n');
}

function textOf(line: string): string | null {
  if (line === '') return null;
  try {
    const value: unknown = JSON.parse(line);
    const text = typeof value === 'object' && value !== null ? (value as { text?: unknown }).text : null;
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}
