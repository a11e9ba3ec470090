import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface S3Double {
  port: number;
  close(): Promise<void>;
}

/**
 * As much of Amazon S3 as the shared store uses, for one bucket, in memory, on loopback. No server with conditional writes was found
 * in the npm registry (s3rver, @20minutes/s3rver and fauxqs read the conditions of reads alone). `conditions: false` is
 * a service like those: it does not know the headers and goes on.
 *
 * Its rules, from the API reference of Amazon S3:
 * - ETag of an object without encryption by KMS is the MD5 of its content, in quotes ("Object", ETag).
 * - PutObject with `If-None-Match: *` fails with 412 PreconditionFailed where the key exists ("PutObject", If-None-Match).
 * - PutObject with `If-Match` fails with 412 where the ETag is another one, and with 404 NoSuchKey where there is no object
 *   ("How to prevent object overwrites with conditional writes", "Conditional write behavior").
 * - 409 ConditionalRequestConflict: a conflicting operation came in between; to be fetched and tried again (same page).
 * - GetObject of a missing key is 404 NoSuchKey ("GetObject", Errors); ListObjectsV2 gives at most 1,000 keys a page.
 */
export async function startS3Double(
  bucket: string,
  { conditions }: { conditions: boolean },
): Promise<S3Double> {
  const objects = new Map<string, { body: Buffer; etag: string }>();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    if (!request.complete) return;
    const url = new URL(request.url ?? '/', 'http://s3');
    const [named, ...rest] = url.pathname.slice(1).split('/');
    const key = decodeURIComponent(rest.join('/'));
    if (named !== bucket) return fail(response, 404, 'NoSuchBucket');
    if (request.method === 'GET' && key === '') return list(response, url.searchParams);
    const known = objects.get(key);
    if (request.method === 'GET') {
      if (!known) return fail(response, 404, 'NoSuchKey');
      response.writeHead(200, { etag: known.etag, 'content-length': known.body.length }).end(known.body);
      return;
    }
    if (request.method !== 'PUT') return fail(response, 405, 'MethodNotAllowed');
    if (conditions) {
      const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
      if (noneMatch === '*' && known) return fail(response, 412, 'PreconditionFailed');
      if (match !== undefined && !known) return fail(response, 404, 'NoSuchKey');
      if (match !== undefined && match !== known?.etag) return fail(response, 412, 'PreconditionFailed');
    }
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    objects.set(key, { body, etag });
    response.writeHead(200, { etag, 'content-length': 0 }).end();
  };
  const list = (response: ServerResponse, query: URLSearchParams) => {
    const prefix = query.get('prefix') ?? '';
    const from = Number(query.get('continuation-token') ?? 0);
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const page = keys.slice(from, from + pageSize);
    const more = from + pageSize < keys.length;
    const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    const next = more ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : '';
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(`<ListBucketResult><IsTruncated>${more}</IsTruncated>${contents}${next}</ListBucketResult>`);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Small, so that a test of few objects meets a second page. */
const pageSize = 2;

export function s3Error(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(s3Error(code));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
