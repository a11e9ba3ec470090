import { type Usage } from '@nx-wave/schemas';
import { type ProgramOutcome, type ProgressLine, type StreamReader } from './adapter';
import {
  type StreamEvent,
  at,
  countAt,
  moneyAt,
  readEvents,
  retryAfterMs,
  shortPath,
  textAt,
} from './json-lines';
import { lastWords, plainText } from './plain-reader';
import { classifyStatus, isQuota } from './service-status';

const mostDenials = 20;

/**
 * Reads `opencode run --format json`. There is no final event: a run is complete when its last step finished for another
 * reason than to call tools, and no error came after it. Whatever error it told on the way makes it end with exit code 1,
 * also when it went on and came to its end.
 *
 * Longer than other functions: what the stream has said so far is the state that all its parts share.
 */
export function createOpencodeReader(): StreamReader {
  let sessionId: string | null = null;
  let usage: Usage | null = null;
  let lastReason = '';
  let error: unknown = null;
  let recovered = false;
  let steps = 0;
  let answered = false;
  const denied = new Set<string>();
  const words = lastWords();

  const readTool = (part: unknown): ProgressLine[] => {
    const state = at(part, 'state');
    const path = textAt(state, 'input', 'filePath');
    if (textAt(state, 'status') === 'error') {
      if (
        /rejected permission|rule which prevents/i.test(textAt(state, 'error')) &&
        denied.size < mostDenials
      )
        denied.add(plainText(textAt(part, 'tool')));
      return [{ kind: 'info', text: plainText(`${textAt(part, 'tool')} failed: ${textAt(state, 'error')}`) }];
    }
    switch (textAt(part, 'tool')) {
      case 'write':
      case 'edit':
      case 'patch':
        return [{ kind: 'edit', text: shortPath(path) }];
      case 'bash':
        return [{ kind: 'run', text: plainText(textAt(state, 'input', 'command')) }];
      case 'read':
        return [{ kind: 'read', text: shortPath(path) }];
      default:
        return [{ kind: 'info', text: plainText(`uses ${textAt(part, 'tool')} ${textAt(state, 'title')}`) }];
    }
  };

  const onWords = (line: string): ProgressLine[] => {
    words.hear(line);
    return [];
  };
  const onEvent = (event: StreamEvent): ProgressLine[] => {
    sessionId = textAt(event, 'sessionID') || sessionId;
    switch (event.type) {
      case 'step_start':
        lastReason = '';
        return [];
      case 'step_finish':
        lastReason = textAt(event, 'part', 'reason');
        recovered ||= error !== null;
        error = null;
        steps += 1;
        usage = addStep(usage, event.part);
        // The words of a refusal are shown nowhere: what is left of it is a step without an answer.
        return isFinal(lastReason) && !answered
          ? [{ kind: 'info', text: 'its model ended without an answer' }]
          : [];
      case 'tool_use':
        answered = true;
        return readTool(event.part);
      case 'text': {
        const text = textAt(event, 'part', 'text').trim();
        answered ||= text !== '';
        return text === '' ? [] : [{ kind: 'say', text: plainText(text) }];
      }
      case 'error':
        error = event.error;
        return [{ kind: 'info', text: plainText(describeError(error)) }];
      default:
        return [];
    }
  };

  return {
    read: readEvents({ onWords, onEvent }),
    usage: () => usage,
    sessionId: () => sessionId,
    turns: () => steps,
    denials: () => [...denied],
    structuredOutput: () => undefined,
    // After an overflow it makes its history shorter and goes on, or tells another error.
    finished: () => (error === null ? isFinal(lastReason) : textAt(error, 'name') !== 'ContextOverflowError'),
    outcome: ({ code, signal }) => {
      const ended = isFinal(lastReason) && (code === 0 || code === 1);
      // After its last step an error takes nothing back; only whether it was the last is then less than certain.
      if (error !== null && ended) return { kind: 'unclear', detail: plainText(describeError(error)) };
      if (error !== null) return classifyError(error);
      if (ended && (code === 0 || recovered)) return { kind: 'success' };
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      if (lastReason === 'content-filter')
        return { kind: 'refused', detail: 'its service filtered the answer' };
      if (lastReason === 'length') return { kind: 'too-long', detail: 'its answer reached the length limit' };
      const said = words.said();
      return {
        kind: code === 0 ? 'unclear' : 'crash',
        detail: said === '' ? `${how} before its last step` : `${how}: ${plainText(said)}`,
      };
    },
  };
}

function isFinal(reason: string): boolean {
  return reason === 'stop' || reason === 'end_turn' || reason === 'other';
}

function classifyError(error: unknown): ProgramOutcome {
  const words = describeError(error);
  const detail = plainText(words);
  const body = textAt(error, 'data', 'responseBody');
  if (isQuota(words) || isQuota(body)) return { kind: 'quota', detail };
  const name = textAt(error, 'name');
  if (name === 'ProviderAuthError') return { kind: 'auth', detail };
  if (name === 'MessageAbortedError') return { kind: 'cancelled', detail };
  if (name === 'MessageOutputLengthError' || name === 'ContextOverflowError')
    return { kind: 'too-long', detail };
  if (name === 'ContentFilterError') return { kind: 'refused', detail };
  const status = at(error, 'data', 'statusCode');
  const wait = retryAfterMs(at(error, 'data', 'responseHeaders', 'retry-after'));
  const known = typeof status === 'number' ? classifyStatus(status, detail, wait) : null;
  if (known !== null) return known;
  if (/overloaded|capacity|high demand/i.test(words)) return { kind: 'overload', detail, retryAfterMs: wait };
  if (/cannot connect|connection|network|socket|timed? ?out|ECONN|fetch failed/i.test(words)) {
    return { kind: 'network', detail, retryAfterMs: null };
  }
  if (/api key|unauthorized|not logged in|credentials/i.test(words)) return { kind: 'auth', detail };
  return { kind: 'crash', detail };
}

function describeError(error: unknown): string {
  return (
    textAt(error, 'data', 'message') || textAt(error, 'message') || textAt(error, 'name') || 'unknown error'
  );
}

/** Cost stays unknown while the program counts tokens but no money: it has no price for the model. */
function addStep(before: Usage | null, part: unknown): Usage {
  const cached = countAt(part, 'tokens', 'cache', 'read');
  const usd = (before?.usd ?? 0) + (moneyAt(part, 'cost') ?? 0);
  return {
    inputTokens:
      (before?.inputTokens ?? 0) +
      countAt(part, 'tokens', 'input') +
      cached +
      countAt(part, 'tokens', 'cache', 'write'),
    outputTokens:
      (before?.outputTokens ?? 0) + countAt(part, 'tokens', 'output') + countAt(part, 'tokens', 'reasoning'),
    cachedTokens: (before?.cachedTokens ?? 0) + cached,
    usd: usd > 0 ? usd : null,
    estimated: false,
  };
}
