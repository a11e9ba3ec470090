import { type StreamReader } from './adapter';

/** More than is ever shown: what is shown is cut only after secrets have been taken out of the whole. */
const longestText = 16_000;
/** Colours and cursor moves. */
const terminalSequence = /\p{Cc}\[[0-9;?]*[ -/]*[@-~]/gu;

/** The line that says what was wrong; interpreters print a stack and their own version after it. */
const errorLine = /^(?:\[?\w*(?:Error|Exception)\b|error\b|fatal\b).*[:\]]/i;

/** Reads a program that prints plain text: every line is shown, the exit code decides. */
export function createPlainReader(): StreamReader {
  let lastLine = '';
  let lastError = '';
  return {
    read: (line, stream) => {
      const text = line.trim();
      if (text === '') return [];
      if (stream === 'stderr') lastLine = text;
      if (stream === 'stderr' && errorLine.test(text)) lastError = text;
      return [{ kind: stream === 'stderr' ? 'info' : 'say', text: plainText(text) }];
    },
    usage: () => null,
    sessionId: () => null,
    structuredOutput: () => undefined,
    outcome: ({ code, signal }) => {
      if (code === 0) return { kind: 'success' };
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const said = lastError === '' ? lastLine : lastError;
      return { kind: 'crash', detail: said === '' ? how : `${how}: ${plainText(said)}` };
    },
  };
}

/** One line without anything that could steer a terminal. */
export function plainText(text: string): string {
  return text
    .slice(0, longestText)
    .replace(terminalSequence, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}
