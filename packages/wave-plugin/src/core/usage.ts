import { type Usage } from '@nx-wave/schemas';

/** US dollars for a million tokens, as `executors.<id>.prices.<model>` gives them. */
export interface ModelPrice {
  input: number;
  output: number;
  /** Tokens read from the provider's cache; the input price where absent. */
  cached?: number;
}

/** `*` stands for every model that has no line of its own. */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

/** Reads `executors.<id>.prices`; what is no price is left out. */
export function parsePrices(value: unknown): PriceTable {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value as Record<string, unknown>).flatMap(([model, price]) => {
    const { input, output, cached } = (price ?? {}) as Record<string, unknown>;
    if (!isPrice(input) || !isPrice(output)) return [];
    return [[model, { input, output, ...(isPrice(cached) ? { cached } : {}) }] as const];
  });
  return Object.fromEntries(entries);
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

export function priceOf(model: string | null, prices: PriceTable): ModelPrice | null {
  return prices[model ?? '*'] ?? prices['*'] ?? null;
}

/** Money for a program that reports tokens only, or guesses: marked as estimated, absent without a price. */
export function priceUsage(usage: Usage, model: string | null, prices: PriceTable): Usage {
  const price = priceOf(model, prices);
  if ((usage.usd !== null && !usage.estimated) || price === null) return usage;
  const cached = Math.min(usage.cachedTokens ?? 0, usage.inputTokens);
  const usd =
    ((usage.inputTokens - cached) * price.input +
      cached * (price.cached ?? price.input) +
      usage.outputTokens * price.output) /
    1_000_000;
  return { ...usage, usd, estimated: true };
}

/** Of a program that costs nothing. */
export const freeUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  usd: 0,
  estimated: false,
};

/**
 * What a program that costs counts as where it told nothing of what it used: the cap of its agent, never nothing. Null
 * where the agent has no cap.
 */
export function assumedUsage(caps: { tokens: number | null; usd: number | null }): Usage | null {
  if (caps.tokens === null && caps.usd === null) return null;
  return { ...freeUsage, inputTokens: caps.tokens ?? 0, usd: caps.usd, estimated: true };
}

/** For people: a sum with an unknown part is unknown. */
export function addUsage(a: Usage | null, b: Usage | null): Usage | null {
  const sum = addKnown(a, b);
  if (a === null || b === null || sum === null) return sum;
  return { ...sum, usd: a.usd === null || b.usd === null ? null : sum.usd };
}

/** For caps, which must hold for the part that is known: unknown money counts as none. */
export function addKnown(a: Usage | null, b: Usage | null): Usage | null {
  if (a === null || b === null) return a ?? b;
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedTokens: (a.cachedTokens ?? 0) + (b.cachedTokens ?? 0),
    usd: a.usd === null && b.usd === null ? null : (a.usd ?? 0) + (b.usd ?? 0),
    estimated: a.estimated || b.estimated,
  };
}

/** What is new in a total that counts from the start of a session. */
export function subtractUsage(total: Usage, before: Usage | null): Usage {
  if (before === null) return total;
  const rest = (a: number, b: number) => Math.max(0, a - b);
  return {
    ...total,
    inputTokens: rest(total.inputTokens, before.inputTokens),
    outputTokens: rest(total.outputTokens, before.outputTokens),
    cachedTokens: rest(total.cachedTokens ?? 0, before.cachedTokens ?? 0),
    usd: total.usd === null || before.usd === null ? total.usd : rest(total.usd, before.usd),
  };
}

/** What of its budget a program has used up, in words; null while it is within. */
export function describeExcess(
  usage: Usage | null,
  caps: { tokens: number | null; usd: number | null },
): string | null {
  if (usage === null) return null;
  const tokens = usage.inputTokens + usage.outputTokens;
  if (caps.tokens !== null && tokens > caps.tokens) return `${tokens} of ${caps.tokens} tokens used`;
  if (caps.usd !== null && usage.usd !== null && usage.usd > caps.usd) {
    return `${describeMoney(usage)} of $${caps.usd} used`;
  }
  return null;
}

export function describeMoney({ usd, estimated }: Usage): string {
  return usd === null ? 'unknown cost' : `${estimated ? 'estimated ' : ''}$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** `9800`, `12k`. */
export function describeTokens(tokens: number): string {
  return tokens < 10_000 ? String(tokens) : `${Math.round(tokens / 1_000)}k`;
}

/** `12k in, 3k out, $4.05`. */
export function describeUsage(usage: Usage): string {
  const money = usage.usd === null ? '' : `, ${describeMoney(usage)}`;
  return `${describeTokens(usage.inputTokens)} in, ${describeTokens(usage.outputTokens)} out${money}`;
}
