import { type ProgramOutcome } from './adapter';

const quotaWords =
  /insufficient_quota|quota exceeded|exceeded your current quota|billing|credit balance|usage limit|out of credits/i;

/** What the answer of a model service means, by its HTTP status and words. Null where the status says nothing. */
export function classifyStatus(
  status: number,
  detail: string,
  retryAfterMs: number | null,
): ProgramOutcome | null {
  if (status === 401 || status === 403) return { kind: 'auth', detail };
  if (status === 402 || (status === 429 && quotaWords.test(detail))) return { kind: 'quota', detail };
  if (status === 429) return { kind: 'rate-limit', detail, retryAfterMs };
  if (status === 413) return { kind: 'too-long', detail };
  if (status >= 500) return { kind: 'overload', detail, retryAfterMs };
  if (status >= 400) return { kind: 'crash', detail };
  return null;
}

export function isQuota(text: string): boolean {
  return quotaWords.test(text);
}

/** Whoever names a longer one has lost count. */
const longestWaitMs = 366 * 86_400_000;

/** A wait that a service may mean; null for what is no time at all, or longer than a year. */
export function believableWaitMs(ms: number): number | null {
  return ms >= 0 && ms <= longestWaitMs ? Math.ceil(ms) : null;
}

const unitsMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `try again in 12.5s`, `try again in 3 days 2 hours`: milliseconds; null where no wait is named. */
export function namedWaitMs(text: string): number | null {
  const phrase =
    /(?:try again|retry(?:ing)?|retry[- ]after|resets?):? (?:in |after )?((?:[\d.]+ ?(?:ms|[smhd])[a-z]*[ ,]*(?:and )?)+)/i.exec(
      text,
    )?.[1];
  if (phrase === undefined) return null;
  const parts = [...phrase.matchAll(/([\d.]+) ?(ms\b|[smhd])/gi)];
  return believableWaitMs(
    parts.reduce(
      (sum, [, count, unit]) => sum + Number(count) * (unitsMs[String(unit).toLowerCase()] ?? 0),
      0,
    ),
  );
}
