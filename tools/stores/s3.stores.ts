/** About packages/wave-plugin/src/edges/shared-store/s3-backend.ts, with a double. */
import { openBackend } from '../../packages/wave-plugin/src/edges/shared-store/backends';
import { parseStoreUrl } from '../../packages/wave-plugin/src/edges/shared-store/store-url';
import { describeBackend, type BackendRig } from '../../packages/wave-plugin/src/testing/backend-conformance';
import { startFaultyProxy, type ServiceErrors } from './faulty-proxy';
import { loadLibrary } from './load';
import { s3Error, startS3Double } from './s3-double';

/** "Error responses" of the S3 API reference. */
const errors: ServiceErrors = {
  throttled: { status: 503, headers: { 'content-type': 'application/xml' }, body: s3Error('SlowDown') },
  expired: { status: 403, headers: { 'content-type': 'application/xml' }, body: s3Error('ExpiredToken') },
};
const secret = 'a-secret-key-of-the-tests';

async function startRig(): Promise<BackendRig> {
  const server = await startS3Double('waves', { conditions: true });
  const proxy = await startFaultyProxy(server.port, errors);
  return {
    open: async () => {
      const address = parseStoreUrl(`s3://waves/team?endpoint=http://127.0.0.1:${proxy.port}`);
      if (!address.ok) throw new Error(address.error.message);
      const env = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: secret };
      const opened = await openBackend(address.value, { env, load: loadLibrary });
      if (!opened.ok) throw new Error(opened.error.message);
      return opened.value;
    },
    breakNext: proxy.breakNext,
    calls: proxy.calls,
    secrets: [secret, 'AWS4-HMAC'],
    close: async () => {
      await proxy.close();
      await server.close();
    },
  };
}

describeBackend('a bucket of S3 as shared store', startRig);
