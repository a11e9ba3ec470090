import { type Usage } from '@nx-wave/schemas';
import { subtractUsage } from '../core/usage';
import { type ProgramOutcome, type ProgressLine, type StreamReader } from './adapter';
import {
  type StreamEvent,
  at,
  countAt,
  listAt,
  objectAnswer,
  parseEvent,
  readEvents,
  shortPath,
  textAt,
  wholeTextAt,
} from './json-lines';
import { plainText } from './plain-reader';
import { classifyStatus, isQuota, namedWaitMs } from './service-status';

/**
 * Reads `codex exec --json`. Items of type `error` and reconnect notices appear in good runs too: only `turn.completed`,
 * `turn.failed` and the exit code decide. Usage counts from the start of the thread; `before` is what was known of it.
 *
 * Longer than other functions: what the stream has said so far is the state that all its parts share.
 */
export function createCodexReader(before: Usage | null): StreamReader {
  let threadId: string | null = null;
  let total: Usage | null = null;
  let completed = false;
  let lateFailure = false;
  let failed: string | null = null;
  let lastMessage = '';
  let lastError = '';
  let reconnecting: string | null = null;
  let answered = false;

  const readItem = (item: unknown, isDone: boolean): ProgressLine[] => {
    const type = textAt(item, 'type');
    if (type !== 'error' && type !== 'reasoning') answered = true;
    switch (type) {
      case 'agent_message':
        lastMessage = wholeTextAt(item, 'text');
        return lastMessage === '' || !isDone ? [] : [{ kind: 'say', text: plainText(lastMessage) }];
      case 'command_execution':
        return isDone ? [] : [{ kind: 'run', text: plainText(withoutShell(textAt(item, 'command'))) }];
      case 'file_change':
        return isDone
          ? listAt(item, 'changes').map((change) => ({
              kind: 'edit',
              text: shortPath(textAt(change, 'path')),
            }))
          : [];
      case 'web_search':
        return isDone ? [{ kind: 'read', text: plainText(`the web: ${textAt(item, 'query')}`) }] : [];
      case 'mcp_tool_call':
        return isDone
          ? []
          : [{ kind: 'run', text: plainText(`${textAt(item, 'server')} ${textAt(item, 'tool')}`) }];
      case 'error':
        return isDone ? [{ kind: 'info', text: plainText(textAt(item, 'message')) }] : [];
      default:
        return [];
    }
  };

  const onWords = (words: string): ProgressLine[] => {
    lastError = words;
    return [];
  };
  const onEvent = (event: StreamEvent): ProgressLine[] => {
    reconnecting = null;
    switch (event.type) {
      case 'thread.started':
        threadId = textAt(event, 'thread_id') || null;
        return [];
      case 'turn.started':
        completed = false;
        lateFailure = false;
        return [];
      case 'item.started':
        return readItem(event.item, false);
      case 'item.completed':
        return readItem(event.item, true);
      case 'turn.completed':
        completed = true;
        total = usageOf(event.usage);
        // The words of a refusal are shown nowhere: what is left of it is a turn without an answer.
        return answered ? [] : [{ kind: 'info', text: 'its model ended its turn without an answer' }];
      case 'turn.failed':
        // After the end of its turn it takes nothing back; it only makes the program end with exit code 1.
        lateFailure ||= completed;
        if (completed) lastError = textAt(event, 'error', 'message');
        else failed = textAt(event, 'error', 'message');
        return [];
      case 'error':
        lastError = textAt(event, 'message');
        reconnecting = /^reconnecting\b/i.test(lastError) ? lastError : null;
        return [{ kind: 'info', text: plainText(lastError) }];
      default:
        return [];
    }
  };

  return {
    read: readEvents({ onWords, onEvent }),
    usage: () => (total === null ? null : subtractUsage(total, before)),
    sessionId: () => threadId,
    structuredOutput: () => objectAnswer(lastMessage) ?? undefined,
    // After a lost connection it goes on in silence; after a rate limit it sleeps for as long as the service says.
    waitingFor: () => {
      const outcome = reconnecting === null ? null : classifyCodexError(reconnecting);
      return outcome?.kind === 'rate-limit' ? outcome : null;
    },
    finished: () => completed || failed !== null,
    outcome: ({ code, signal }) => {
      if (failed !== null) return classifyCodexError(failed);
      if (completed && code === 0) return { kind: 'success' };
      if (code === 0 || (code === 1 && lateFailure))
        return { kind: 'unclear', detail: plainText(lastError) || 'it left before its turn was complete' };
      if (!completed && lastError !== '') return classifyCodexError(lastError);
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      return { kind: 'crash', detail: completed ? how : `${how} before its turn was complete` };
    },
  };
}

/** Codex tells its errors in words only, some of them with a typographic apostrophe. */
export function classifyCodexError(text: string): ProgramOutcome {
  const detail = plainText(textAt(parseEvent(text), 'error', 'message') || text);
  const wait = namedWaitMs(text);
  // A plan that names its reset is a limit to wait for; an account without means is not.
  if (isQuota(text))
    return wait === null ? { kind: 'quota', detail } : { kind: 'rate-limit', detail, retryAfterMs: wait };
  if (/missing environment variable|not logged in|log ?in again|refresh token/i.test(text)) {
    return { kind: 'auth', detail };
  }
  if (/\binvalid_prompt\b|flagged (?:as|for) .*violat|reason: content_filter/i.test(text))
    return { kind: 'refused', detail };
  if (/context window|context_length_exceeded|reason: max_output_tokens/i.test(text))
    return { kind: 'too-long', detail };
  const status = /(?:unexpected status|last status:|"status":)\s*(\d{3})/i.exec(text)?.[1];
  const known = status === undefined ? null : classifyStatus(Number(status), detail, wait);
  if (known !== null) return known;
  if (/rate limit|too many requests/i.test(text)) return { kind: 'rate-limit', detail, retryAfterMs: wait };
  if (/at capacity|high demand|overloaded/i.test(text))
    return { kind: 'overload', detail, retryAfterMs: wait };
  if (
    /connection failed|waiting for network|stream (?:disconnected|closed)|error sending request|timed? ?out/i.test(
      text,
    )
  ) {
    return { kind: 'network', detail, retryAfterMs: null };
  }
  return { kind: 'crash', detail };
}

function usageOf(usage: unknown): Usage | null {
  if (at(usage, 'input_tokens') === undefined) return null;
  return {
    inputTokens: countAt(usage, 'input_tokens'),
    outputTokens: countAt(usage, 'output_tokens'),
    cachedTokens: countAt(usage, 'cached_input_tokens'),
    usd: null,
    estimated: false,
  };
}

/** `/bin/bash -lc "npm test"` is shown as `npm test`. */
function withoutShell(command: string): string {
  const inner = /^\S*sh -l?c (?:"([\s\S]*)"|'([\s\S]*)'|([\s\S]*))$/.exec(command);
  return inner?.[1] ?? inner?.[2] ?? inner?.[3] ?? command;
}
