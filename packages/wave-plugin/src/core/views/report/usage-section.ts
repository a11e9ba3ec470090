import type { Usage } from '@nx-wave/schemas';
import { describeSpending } from '../../spending';
import { countsAsAttempt, wasPaid } from '../../paid-attempts';
import { addUsage, describeMoney, describeTokens } from '../../usage';
import { amount, code, plain, section, type ReportBlock, type Span } from './block';
import { reuseParagraph } from './reuse-section';
import { attemptsInOrder, type ReportedAttempt, type ReportInput } from './report-input';

/** How long the programs of an attempt ran, over all its starts. Milliseconds; null where none did. */
export function runningMsOf({ events }: ReportedAttempt): number | null {
  const times = events
    .filter(({ type }) => type === 'program.ended')
    .map(({ data }) => data['durationMs'])
    .filter((ms) => typeof ms === 'number');
  return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0);
}

/** Tokens in, out, from the provider's cache, and money: four cells. `isKnown` is false where a paid program told nothing. */
export function usageCells(usage: Usage | null, isKnown = true): Span[] {
  if (!isKnown && usage === null) return ['unknown', 'unknown', '–', 'unknown'].map(amount);
  if (!isKnown && usage !== null)
    return usageCells({ ...usage, usd: null }).map(({ text }, index) =>
      amount(index < 2 ? `${text} + unknown` : text),
    );
  if (usage === null) return ['–', '–', '–', '–'].map(amount);
  const { inputTokens, outputTokens, cachedTokens } = usage;
  return [
    amount(describeTokens(inputTokens)),
    amount(describeTokens(outputTokens)),
    amount(cachedTokens === undefined ? '–' : describeTokens(cachedTokens)),
    amount(describeMoney(usage)),
  ];
}

export const usageHead = ['tokens in', 'out', 'of these cached', 'cost'];

/** `0.4 s`, `40 s`, `2.5 min`. */
export function describeTime(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  return ms < 90_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 6_000) / 10} min`;
}

/** What every agent has used over all its attempts, failed ones too, and the wave with it. */
export function usageSection(input: ReportInput): ReportBlock[] {
  const paid = attemptsInOrder(input).filter(({ predicate }) => wasPaid(predicate));
  const rows = input.wave.agents
    .map(({ unitId }) => ({ unitId, own: paid.filter(({ predicate }) => predicate.agentId === unitId) }))
    .filter(({ own }) => own.length > 0)
    .map(({ unitId, own }) => usageRow(code(unitId), own));
  if (rows.length > 1) rows.push(usageRow(plain('together'), paid));
  const { spending, budget } = input;
  return section(
    'Usage and cost',
    { kind: 'table', head: ['agent', 'attempts', 'running time', ...usageHead], rows },
    spending.runningMs === 0
      ? null
      : {
          kind: 'paragraph',
          spans: [
            plain(
              `Spent on this machine, runs that were cut off included: ${describeSpending(spending, budget)}.`,
            ),
          ],
        },
    reuseParagraph(input),
    rows.some((row) => row.some(({ text }) => text === '–'))
      ? {
          kind: 'paragraph',
          spans: [plain('– stands where a program reports nothing.')],
        }
      : null,
  );
}

function usageRow(name: Span, attempts: readonly ReportedAttempt[]): Span[] {
  const counted = attempts.filter(({ predicate }) => countsAsAttempt(predicate)).length;
  const times = attempts.map(runningMsOf).filter((ms) => ms !== null);
  const usage = attempts.reduce<Usage | null>((sum, { predicate }) => addUsage(sum, predicate.usage), null);
  return [
    name,
    amount(counted === attempts.length ? String(counted) : `${attempts.length} (${counted} count)`),
    amount(describeTime(times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0))),
    ...usageCells(
      usage,
      attempts.every(({ predicate }) => predicate.usage !== null || !countsAsAttempt(predicate)),
    ),
  ];
}
