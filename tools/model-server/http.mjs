import zlib from 'node:zlib';

/** Reads a JSON body in any encoding that the programs use; null where it is none. */
export async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(decode(Buffer.concat(chunks), request.headers['content-encoding']).toString() || '{}');
  } catch {
    return null;
  }
}

function decode(bytes, encoding) {
  if (encoding === 'gzip') return zlib.gunzipSync(bytes);
  if (encoding === 'br') return zlib.brotliDecompressSync(bytes);
  if (encoding === 'deflate') return zlib.inflateSync(bytes);
  if (encoding === 'zstd') return zlib.zstdDecompressSync(bytes);
  return bytes;
}

export function sendJson(response, status, body, retryAfter) {
  const headers = { 'content-type': 'application/json' };
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  response.writeHead(status, headers);
  response.end(JSON.stringify(body));
}

/** Server-sent events. */
export function openStream(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const sendText = (text, event) =>
    response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`);
  return {
    send: (value, event) => sendText(JSON.stringify(value), event),
    sendText: (text) => sendText(text),
    end: () => response.end(),
    cut: () => response.destroy(),
  };
}
