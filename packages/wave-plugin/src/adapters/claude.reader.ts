import { type Usage } from '@nx-wave/schemas';
import { addKnown } from '../core/usage';
import { type ProgramOutcome, type ProgressLine, type StreamReader } from './adapter';
import { at, countAt, listAt, moneyAt, readEvents, shortPath, textAt, textsAt } from './json-lines';
import { isObject } from './options';
import { lastWords, plainText } from './plain-reader';
import { classifyStatus, isQuota, namedWaitMs } from './service-status';

/** So many messages are told apart while the program runs; the usage of earlier ones is added up. */
const knownMessages = 500;
const longestId = 200;
const mostDenials = 20;
const editTools = new Set(['Edit', 'MultiEdit', 'Write', 'NotebookEdit']);

/**
 * Reads the event stream of `claude -p`. A failed request ends in a result of subtype `success` with `is_error` set,
 * so the subtype alone never decides. Tokens count from the start of the program, money from the start of the session:
 * `before` is what was known of the session.
 *
 * Longer than other functions: what the stream has said so far is the state that all its parts share.
 */
export function createClaudeReader(before: Usage | null): StreamReader {
  let sessionId: string | null = null;
  let result: Record<string, unknown> | null = null;
  const words = lastWords();
  let asksForLogin = false;
  let workedSince = false;
  let denied = 0;
  const deniedTools = new Set<string>();
  let limitInfo: unknown = null;
  // What results say that they cost, over all models and helpers of this start.
  let told: Usage | null = null;
  // The stream repeats a message for each of its parts.
  const usageByMessage = new Map<string, Usage>();
  let earlierMessages: Usage | null = null;

  const noteMessage = (id: string, usage: Usage): void => {
    if (id.length > longestId) return;
    usageByMessage.set(id, usage);
    const [oldest] = usageByMessage;
    if (usageByMessage.size <= knownMessages || oldest === undefined) return;
    usageByMessage.delete(oldest[0]);
    earlierMessages = addKnown(earlierMessages, oldest[1]);
  };

  const readTool = (part: unknown): ProgressLine[] => {
    const name = textAt(part, 'name');
    const path = textAt(part, 'input', 'file_path') || textAt(part, 'input', 'notebook_path');
    if (editTools.has(name)) return [{ kind: 'edit', text: shortPath(path) }];
    if (name === 'Bash') return [{ kind: 'run', text: plainText(textAt(part, 'input', 'command')) }];
    if (name === 'Read') return [{ kind: 'read', text: shortPath(path) }];
    if (name === 'Grep' || name === 'Glob') {
      return [{ kind: 'read', text: plainText(`${name} ${textAt(part, 'input', 'pattern')}`) }];
    }
    return name === 'StructuredOutput' ? [] : [{ kind: 'info', text: plainText(`uses ${name}`) }];
  };
  const readAssistant = (message: unknown): ProgressLine[] => {
    const usage = at(message, 'usage');
    if (usage !== undefined) noteMessage(textAt(message, 'id'), usageOf(usage, null));
    return listAt(message, 'content').flatMap((part): ProgressLine[] => {
      if (textAt(part, 'type') === 'tool_use') return readTool(part);
      const text = textAt(part, 'text').trim();
      return text === '' ? [] : [{ kind: 'say', text: plainText(text) }];
    });
  };
  const readSystem = (event: Record<string, unknown>): ProgressLine[] => {
    switch (event.subtype) {
      case 'api_retry': {
        const why = textAt(event, 'error') || String(countAt(event, 'error_status'));
        return [{ kind: 'info', text: plainText(`its service answered "${why}", tries again`) }];
      }
      case 'permission_denied':
        denied += 1;
        noteDenied(event);
        return [{ kind: 'info', text: plainText(`was not allowed: ${textAt(event, 'message')}`) }];
      default:
        return [];
    }
  };

  const noteDenied = (denial: unknown): void => {
    const tool = plainText(textAt(denial, 'tool_name')).slice(0, longestId);
    if (tool !== '' && deniedTools.size < mostDenials) deniedTools.add(tool);
  };
  const readResult = (event: Record<string, unknown>): void => {
    told = addKnown(told, usageOfModels(event.model_usage_since_last_result));
    listAt(event, 'permission_denials').forEach(noteDenied);
    // An error that comes after a good result, without any work between the two, takes nothing back.
    const isSpurious = result !== null && !isFailed(result) && isFailed(event) && !workedSince;
    if (!isSpurious) result = event;
    workedSince = false;
  };

  return {
    read: readEvents({
      onWords: (line) => {
        words.hear(line);
        asksForLogin = /not logged in|\/login/i.test(line);
        return /^\W*sandbox disabled/i.test(line) ? [{ kind: 'info', text: plainText(line) }] : [];
      },
      onEvent: (event) => {
        sessionId = textAt(event, 'session_id') || sessionId;
        if (event.type === 'system') return readSystem(event);
        if (event.type === 'assistant') {
          workedSince = true;
          return readAssistant(event.message);
        }
        if (event.type === 'rate_limit_event') limitInfo = event.rate_limit_info;
        if (event.type === 'result') readResult(event);
        return [];
      },
    }),
    usage: () => {
      if (told !== null) return told;
      if (result !== null && at(result, 'usage') !== undefined) {
        const usd = moneyAt(result, 'total_cost_usd');
        const rest = usd === null ? null : Math.max(0, usd - (before?.usd ?? 0));
        return usageOf(result.usage, rest);
      }
      return [...usageByMessage.values()].reduce(addKnown, earlierMessages);
    },
    sessionId: () => sessionId,
    structuredOutput: () => at(result, 'structured_output') ?? undefined,
    denials: () => [...deniedTools],
    finished: () => result !== null && countAt(result, 'queued_turn_count') === 0,
    outcome: ({ code, signal }) => {
      if (result !== null) return withReset(classifyResult(result, denied), limitInfo);
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const last = words.said();
      const detail = last === '' ? `${how} without a result` : `${how}: ${plainText(last)}`;
      if (asksForLogin) return { kind: 'auth', detail };
      return { kind: code === 0 ? 'unclear' : 'crash', detail };
    },
  };
}

function classifyResult(result: Record<string, unknown>, denied: number): ProgramOutcome {
  const words = textAt(result, 'result') || textsAt(result, 'errors').join('; ') || textAt(result, 'subtype');
  const detail = plainText(words);
  switch (result.subtype) {
    case 'error_max_turns':
      return { kind: 'turn-limit', detail };
    case 'error_max_budget_usd':
      return { kind: 'budget', detail };
  }
  // The model has declined, politely and with exit 0.
  if (result.stop_reason === 'refusal') return { kind: 'refused', detail };
  if (result.is_error !== true) return { kind: 'success' };
  if (/not logged in|\/login/i.test(words)) return { kind: 'auth', detail };
  if (result.terminal_reason === 'prompt_too_long' || result.api_error === 'max_output_tokens')
    return { kind: 'too-long', detail };
  if (isQuota(words) || textAt(result, 'api_error_type') === 'billing_error')
    return { kind: 'quota', detail };
  const status = result.api_error_status;
  const known = typeof status === 'number' ? classifyStatus(status, detail, namedWaitMs(words)) : null;
  if (known !== null) return known;
  if (textAt(result, 'api_error') === 'connection_failed' || /connection|network|timed? ?out/i.test(words)) {
    return { kind: 'network', detail, retryAfterMs: null };
  }
  if (textAt(result, 'api_error_type') === 'overloaded_error')
    return { kind: 'overload', detail, retryAfterMs: null };
  return denied > 0 && textAt(result, 'terminal_reason') === 'permission_denied'
    ? { kind: 'refused', detail }
    : { kind: 'crash', detail };
}

function isFailed(result: Record<string, unknown>): boolean {
  return classifyResult(result, 0).kind !== 'success';
}

/** Limits of a plan come with the time of their reset, in seconds since 1970. */
function withReset(outcome: ProgramOutcome, limitInfo: unknown): ProgramOutcome {
  const resetsAtMs = countAt(limitInfo, 'resetsAt') * 1_000;
  const isLimit = outcome.kind === 'rate-limit' || outcome.kind === 'quota';
  if (!isLimit || resetsAtMs === 0 || textAt(limitInfo, 'status') !== 'rejected') return outcome;
  return { kind: 'rate-limit', detail: outcome.detail, retryAfterMs: null, resetsAtMs };
}

function usageOf(usage: unknown, usd: number | null): Usage {
  const cached = countAt(usage, 'cache_read_input_tokens');
  return {
    inputTokens: countAt(usage, 'input_tokens') + cached + countAt(usage, 'cache_creation_input_tokens'),
    outputTokens: countAt(usage, 'output_tokens'),
    cachedTokens: cached,
    usd,
    estimated: false,
  };
}

/** The table of models that a result comes with, null where it has none. A model without a known price has a guessed one. */
function usageOfModels(models: unknown): Usage | null {
  if (!isObject(models)) return null;
  const nothing: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: 0, estimated: false };
  return Object.values(models).map(usageOfModel).reduce<Usage | null>(addKnown, nothing);
}

function usageOfModel(model: unknown): Usage {
  const cached = countAt(model, 'cacheReadInputTokens');
  return {
    inputTokens: countAt(model, 'inputTokens') + cached + countAt(model, 'cacheCreationInputTokens'),
    outputTokens: countAt(model, 'outputTokens'),
    cachedTokens: cached,
    usd: moneyAt(model, 'costUSD'),
    estimated: textAt(model, 'costBasis') === 'unknown',
  };
}
