import { findWorkingDirectory } from './scripts.mjs';
import { openStream, sendJson } from './http.mjs';
import { openaiError } from './openai-error.mjs';

/** OpenAI Responses, always streamed. */
const usage = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 300 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 10 },
  total_tokens: 1050,
};

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
    return { prompts, results, tools, cwd: findWorkingDirectory(JSON.stringify(body)) };
  },

  fail: (response, fault) =>
    sendJson(response, fault.status, fault.body ?? openaiError(fault.status), fault.retryAfter),

  async answer(response, body, { text, call }, nextId, broken) {
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
    if (broken(stream)) return undefined;
    const output = [];
    if (text !== '') {
      const content = [{ type: 'output_text', text, annotations: [] }];
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
        send('response.output_text.delta', { ...place, delta: item.content[0].text });
        send('response.output_text.done', { ...place, text: item.content[0].text });
      }
      send('response.output_item.done', { output_index, item });
    });
    send('response.completed', { response: { ...base, status: 'completed', output, usage } });
    return stream.end();
  },
};
