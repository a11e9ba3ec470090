import { findWorkingDirectory } from './scripts.mjs';
import { openStream, sendJson } from './http.mjs';
import { openaiError, tooLongError } from './openai-error.mjs';

/** OpenAI Chat Completions. */
const usage = {
  prompt_tokens: 1000,
  completion_tokens: 50,
  total_tokens: 1050,
  prompt_tokens_details: { cached_tokens: 300 },
  completion_tokens_details: { reasoning_tokens: 10 },
};

/** A refusal ends like an answer: only the place of its words tells. */
const finishReasons = { refused: 'stop', filtered: 'content_filter', length: 'length' };

export const chat = {
  path: /\/chat\/completions$/,

  conversation(body) {
    const prompts = [];
    let results = 0;
    for (const message of body.messages ?? []) {
      if (message.role === 'tool') results += 1;
      else if (message.role === 'user') {
        const { content } = message;
        prompts.push(
          typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('\n'),
        );
        results = 0;
      }
    }
    const tools = (body.tools ?? []).map((tool) => tool.function?.name);
    const everything = JSON.stringify(body.messages ?? []);
    const told = (words) => words.test(everything);
    return { prompts, results, tools, told, cwd: findWorkingDirectory(everything) };
  },

  fail: (response, fault) =>
    sendJson(response, fault.status, fault.body ?? openaiError(fault.status), fault.retryAfter),

  failTooLong: (response) => sendJson(response, 400, tooLongError),

  async answer(response, body, { text, call, ends }, nextId, broken) {
    const base = { id: nextId('chatcmpl_'), created: 1_700_000_000, model: body.model };
    const calls = call && [
      {
        id: nextId('call_'),
        type: 'function',
        function: { name: call.name, arguments: JSON.stringify(call.input) },
      },
    ];
    const finish_reason = calls ? 'tool_calls' : (finishReasons[ends] ?? 'stop');
    const words = ends === 'refused' ? { refusal: text } : { content: text };
    if (!body.stream) {
      const message = { role: 'assistant', content: null, ...words, ...(calls ? { tool_calls: calls } : {}) };
      return sendJson(response, 200, {
        ...base,
        object: 'chat.completion',
        choices: [{ index: 0, message, finish_reason }],
        usage,
      });
    }
    const stream = openStream(response);
    const send = (delta, finish = null, choices = [{ index: 0, delta, finish_reason: finish }], rest = {}) =>
      stream.send({ ...base, object: 'chat.completion.chunk', choices, ...rest });
    send({ role: 'assistant', content: '' });
    if (broken(stream)) return undefined;
    if (text !== '') send(words);
    if (calls) send({ tool_calls: calls.map((one, index) => ({ index, ...one })) });
    send({}, finish_reason);
    send({}, null, [], { usage });
    stream.sendText('[DONE]');
    return stream.end();
  },
};
