import { type ProgramOutcome } from './adapter';

const quotaWords =
  /insufficient_quota|quota exceeded|exceeded your current quota|billing|credit balance|usage limit/i;

/** What the answer of a model service means, by its HTTP status and words. Null where the status says nothing. */
export function classifyStatus(
  status: number,
  detail: string,
  retryAfterMs: number | null,
): ProgramOutcome | null {
  if (status === 401 || status === 403) return { kind: 'auth', detail };
  if (status === 402 || (status === 429 && quotaWords.test(detail))) return { kind: 'quota', detail };
  if (status === 429) return { kind: 'rate-limit', detail, retryAfterMs };
  if (status === 503 || status === 529) return { kind: 'overload', detail, retryAfterMs };
  if (status >= 500) return { kind: 'overload', detail, retryAfterMs };
  if (status >= 400) return { kind: 'refused', detail };
  return null;
}

export function isQuota(text: string): boolean {
  return quotaWords.test(text);
}
