import { findWorkingDirectory } from './scripts.mjs';
import { openStream, sendJson } from './http.mjs';

/** Anthropic Messages. */
const usage = { input_tokens: 1000, cache_creation_input_tokens: 200, cache_read_input_tokens: 300 };
const errorTypes = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};
/** This service filters nothing away: it has one way to decline. */
const stopReasons = { refused: 'refusal', filtered: 'refusal', length: 'max_tokens' };

export const messages = {
  path: /\/messages$/,

  conversation(body) {
    const prompts = [];
    let results = 0;
    for (const message of body.messages ?? []) {
      if (message.role !== 'user') continue;
      const parts =
        typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
      const texts = parts.filter((part) => part.type === 'text' && !/^\s*<system-reminder>/.test(part.text));
      const answered = parts.filter((part) => part.type === 'tool_result').length;
      if (answered > 0) results += answered;
      else if (texts.length > 0) {
        prompts.push(texts.map((part) => part.text).join('\n'));
        results = 0;
      }
    }
    const everything = JSON.stringify([body.system ?? '', body.messages ?? []]);
    const tools = (body.tools ?? []).map((tool) => tool.name);
    const told = (words) => words.test(everything);
    return { prompts, results, tools, told, cwd: findWorkingDirectory(everything) };
  },

  fail(response, { status, body, retryAfter }) {
    const error = { type: errorTypes[status] ?? 'api_error', message: `scripted ${status}` };
    sendJson(response, status, body ?? { type: 'error', error }, retryAfter);
  },

  failTooLong: (response) =>
    sendJson(response, 400, {
      type: 'error',
      error: { type: errorTypes[400], message: 'prompt is too long: 213462 tokens > 200000 maximum' },
    }),

  async answer(response, body, { text, call, ends }, nextId, broken) {
    const content = [];
    if (text !== '') content.push({ type: 'text', text });
    if (call !== null)
      content.push({ type: 'tool_use', id: nextId('toolu_'), name: call.name, input: call.input });
    const stop_reason = call === null ? (stopReasons[ends] ?? 'end_turn') : 'tool_use';
    const message = {
      id: nextId('msg_'),
      type: 'message',
      role: 'assistant',
      model: body.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
    };
    if (!body.stream) {
      return sendJson(response, 200, {
        ...message,
        content,
        stop_reason,
        usage: { ...usage, output_tokens: 50 },
      });
    }
    const stream = openStream(response);
    const send = (type, rest) => stream.send({ type, ...rest }, type);
    send('message_start', { message });
    if (broken(stream)) return undefined;
    content.forEach((block, index) => {
      const isText = block.type === 'text';
      const start = isText ? { type: 'text', text: '' } : { ...block, input: {} };
      const delta = isText
        ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
      send('content_block_start', { index, content_block: start });
      send('content_block_delta', { index, delta });
      send('content_block_stop', { index });
    });
    send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 50 } });
    send('message_stop', {});
    return stream.end();
  },
};
