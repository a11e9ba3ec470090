/** Posts a text; null where the other side took it, else why not. Never throws. */
export type PostEdge = (url: string, body: string, options: { timeoutMs: number }) => Promise<string | null>;

/** Over HTTP as JSON. A redirect is not followed: what is configured is where it goes. The address is in no answer, for it may be a secret. */
export const postJson: PostEdge = async (url, body, { timeoutMs }) => {
  try {
    const { ok, status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return ok ? null : `it answered with status ${status}`;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return `it gave no answer within ${timeoutMs / 1000} s`;
    const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined)?.code : undefined;
    return typeof cause === 'string' ? `it could not be reached (${cause})` : 'it could not be reached';
  }
};
