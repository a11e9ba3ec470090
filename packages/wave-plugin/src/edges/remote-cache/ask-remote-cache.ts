import type { RemoteCacheAnswer } from '../../core/views/ci-health';

/** As long as a person waits for a look at the machine. */
const waitMs = 5_000;
/** No hash of Nx: nothing stands under it, and nothing is written. */
const nobodysHash = 'nx-wave-doctor';

/**
 * How the self-hosted remote cache of Nx answers a question that it has no entry for, as the interface has it
 * (https://nx.dev/docs/kb/self-hosted-caching). Null where none is named. Never throws.
 */
export async function askRemoteCache(
  env: Readonly<Record<string, string | undefined>>,
): Promise<RemoteCacheAnswer | null> {
  const server = env['NX_SELF_HOSTED_REMOTE_CACHE_SERVER'] ?? '';
  if (server === '') return null;
  const token = env['NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN'] ?? '';
  try {
    const url = new URL(`${server.replace(/\/+$/, '')}/v1/cache/${nobodysHash}`);
    // fetch takes none in an address; what counts is the token.
    url.username = url.password = '';
    const answer = await fetch(url, {
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(waitMs),
    });
    await answer.body?.cancel();
    if (answer.status === 404) return 'ready';
    return answer.status === 401 || answer.status === 403 ? 'refused' : 'failing';
  } catch {
    return 'silent';
  }
}
