import http from 'node:http';
import { chat } from './chat.mjs';
import { readBody, sendJson } from './http.mjs';
import { messages } from './messages.mjs';
import { responses } from './responses.mjs';
import { createFaults, findScript, nextAnswer } from './scripts.mjs';

const protocols = [messages, responses, chat];

/**
 * Starts the server on a free loopback port.
 * @param {Record<string, import('./scripts.mjs').Script>} scripts
 */
export async function startModelServer(scripts = {}) {
  const requests = [];
  const faults = createFaults();
  let current = scripts;
  let count = 0;
  const nextId = (prefix) => `${prefix}${String((count += 1)).padStart(8, '0')}`;

  const server = http.createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const protocol = request.method === 'POST' ? protocols.find((one) => one.path.test(path)) : undefined;
    const body = await readBody(request);
    if (protocol === undefined || body === null) {
      requests.push({ path, script: null, fault: null, authorized: false });
      if (/\/models$/.test(path))
        return sendJson(response, 200, { object: 'list', data: [], has_more: false });
      if (/count_tokens$/.test(path)) return sendJson(response, 200, { input_tokens: 1000 });
      if (request.method === 'HEAD') return response.end();
      return sendJson(response, 404, { error: { message: `no route ${path}`, type: 'not_found_error' } });
    }
    const conversation = protocol.conversation(body);
    const found = findScript(current, conversation);
    const fault = faults.take(found, path, conversation);
    const authorized = 'x-api-key' in request.headers || 'authorization' in request.headers;
    requests.push({
      path,
      script: found?.name ?? null,
      fault,
      authorized,
      prompt: conversation.prompts.at(-1) ?? '',
      says: (words) => JSON.stringify(body).includes(words),
    });
    if (fault?.kind === 'hang') return undefined;
    if (fault?.kind === 'too-long') return protocol.failTooLong(response, body, nextId);
    if (fault?.status !== undefined) return protocol.fail(response, fault);
    const broken = (stream) => {
      if (fault?.kind === 'cut') stream.cut();
      return fault?.kind === 'cut' || fault?.kind === 'stall';
    };
    return protocol.answer(response, body, nextAnswer(found, conversation), nextId, broken);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    /** Other scripts from now on; counts and requests start anew. */
    use(next) {
      current = next;
      faults.reset();
      count = 0;
      requests.length = 0;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
