import { type StreamReader } from './adapter';

const shownLength = 160;
/** Colours and cursor moves. */
const terminalSequence = /\p{Cc}\[[0-9;?]*[ -/]*[@-~]/gu;

/** Reads a program that prints plain text: every line is shown, the exit code decides. */
export function createPlainReader(): StreamReader {
  let lastError = '';
  return {
    read: (line, stream) => {
      const text = line.trim();
      if (text === '') return [];
      if (stream === 'stderr') lastError = text;
      return [{ kind: stream === 'stderr' ? 'info' : 'say', text: shorten(text) }];
    },
    usage: () => null,
    sessionId: () => null,
    structuredOutput: () => undefined,
    outcome: ({ code, signal }) => {
      if (code === 0) return { kind: 'success' };
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      return { kind: 'crash', detail: lastError === '' ? how : `${how}: ${shorten(lastError)}` };
    },
  };
}

/** One line of a bearable length, without anything that could steer a terminal. */
export function shorten(text: string): string {
  const plain = text
    .replace(terminalSequence, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return plain.length > shownLength ? `${plain.slice(0, shownLength - 1)}…` : plain;
}
