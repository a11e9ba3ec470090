import { findWorkingDirectory } from './scripts.mjs';
import { openStream, sendJson } from './http.mjs';
import { openaiError, tooLongError } from './openai-error.mjs';

/** OpenAI Responses, always streamed. */
const usage = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 300 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 10 },
  total_tokens: 1050,
};

/** Why an answer that is not whole has ended. */
const incompleteReasons = { filtered: 'content_filter', length: 'max_output_tokens' };

export const responses = {
  path: /\/responses$/,

  conversation(body) {
    const prompts = [];
    let results = 0;
    for (const item of Array.isArray(body.input) ? body.input : []) {
      if (/_output$/.test(item.type ?? '')) results += 1;
      else if (item.role === 'user') {
        const text =
          typeof item.content === 'string'
            ? item.content
            : item.content.map((part) => part.text ?? '').join('\n');
        // What the program itself puts in front: its view of the machine.
        if (/^\s*<(environment_context|user_instructions)/.test(text)) continue;
        prompts.push(text);
        results = 0;
      }
    }
    const tools = (body.tools ?? []).map((tool) => tool.name ?? tool.type);
    const everything = JSON.stringify(body);
    const told = (words) => words.test(everything);
    return { prompts, results, tools, told, cwd: findWorkingDirectory(everything) };
  },

  fail: (response, fault) =>
    sendJson(response, fault.status, fault.body ?? openaiError(fault.status), fault.retryAfter),

  /** Told inside the stream, as the service does. */
  failTooLong(response, body, nextId) {
    const { send, base, end } = openResponse(response, body, nextId);
    const { code, message } = tooLongError.error;
    send('response.failed', { response: { ...base, status: 'failed', error: { code, message } } });
    return end();
  },

  async answer(response, body, { text, call, ends }, nextId, broken) {
    const { stream, send, base, end } = openResponse(response, body, nextId);
    if (broken(stream)) return undefined;
    const output = [];
    if (text !== '') {
      const content =
        ends === 'refused'
          ? [{ type: 'refusal', refusal: text }]
          : [{ type: 'output_text', text, annotations: [] }];
      output.push({ type: 'message', id: nextId('msg_'), role: 'assistant', status: 'completed', content });
    }
    if (call !== null) {
      output.push({
        type: 'function_call',
        id: nextId('fc_'),
        call_id: nextId('call_'),
        name: call.name,
        arguments: JSON.stringify(call.input),
        status: 'completed',
      });
    }
    output.forEach((item, output_index) => {
      send('response.output_item.added', { output_index, item: { ...item, status: 'in_progress' } });
      if (item.type === 'message') {
        const place = { item_id: item.id, output_index, content_index: 0 };
        const kind = ends === 'refused' ? 'refusal' : 'output_text';
        send(`response.${kind}.delta`, { ...place, delta: text });
        send(`response.${kind}.done`, { ...place, [ends === 'refused' ? 'refusal' : 'text']: text });
      }
      send('response.output_item.done', { output_index, item });
    });
    const reason = incompleteReasons[ends];
    if (reason === undefined)
      send('response.completed', { response: { ...base, status: 'completed', output, usage } });
    else
      send('response.incomplete', {
        response: { ...base, status: 'incomplete', output, usage, incomplete_details: { reason } },
      });
    return end();
  },
};

function openResponse(response, body, nextId) {
  const stream = openStream(response);
  let sequence = 0;
  const send = (type, rest) => stream.send({ type, sequence_number: sequence++, ...rest }, type);
  const base = {
    id: nextId('resp_'),
    object: 'response',
    created_at: 1_700_000_000,
    model: body.model,
    status: 'in_progress',
    output: [],
    error: null,
    incomplete_details: null,
  };
  send('response.created', { response: base });
  return { stream, send, base, end: () => stream.end() };
}
