import type { Stage } from '@nx-wave/schemas';
import { stages } from '@nx-wave/schemas/plain';
import { count } from './count';

/** One attempt that was paid for, as stored work tells of it. */
export interface ForecastSample {
  wave: string;
  unitId: string;
  role: string;
  executor: string;
  model: string | null;
  /** US dollars; null where nobody knows. */
  usd: number | null;
  minutes: number | null;
}

/** An agent of which a launch would pay the program. */
export interface ForecastUnit {
  wave: string;
  unitId: string;
  stage: Stage;
  dependsOn: readonly string[];
  role: string;
  executor: string;
  model: string | null;
  /** Its program costs no money. */
  free: boolean;
  /** Budget of the agent itself. */
  caps: { usd: number | null; minutes: number | null };
  /** False for one that waits: its work may be there already once it is known what it builds on. */
  certain: boolean;
}

/** `low` and `high` are meant to hold nine of ten; `likely` is the middle of what was seen. */
export interface Interval {
  low: number;
  likely: number;
  high: number;
}

/**
 * What a forecast rests on: earlier attempts of the agent itself, of its role, or of its program; its cap alone; a program that
 * costs nothing; nothing at all.
 */
export type ForecastBasis = 'own' | 'role' | 'executor' | 'caps' | 'free' | 'unknown';

export interface UnitForecast {
  unitId: string;
  basis: ForecastBasis;
  /** How many attempts it rests on. */
  samples: number;
  /** US dollars of one start; null where nothing is known. */
  usd: Interval | null;
  minutes: Interval | null;
}

export interface WaveForecast {
  units: UnitForecast[];
  /** Sums of what is known; null where nothing has to be paid, or nothing is known. */
  usd: Interval | null;
  /** Along the longest chain of agents that wait for each other, as if all others ran side by side. */
  minutes: Interval | null;
  /** Agents whose cost nobody can tell. */
  unknown: string[];
}

/** What many values say of the next one: a range that is wider the fewer they are. Null where there is none. */
export function intervalOf(values: readonly number[]): Interval | null {
  const sorted = values.filter((value) => Number.isFinite(value) && value >= 0).sort((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  const likely = sorted[Math.floor((sorted.length - 1) / 2)];
  if (least === undefined || most === undefined || likely === undefined) return null;
  const wider = 1 + 1 / Math.sqrt(sorted.length);
  return { low: least / wider, likely, high: most * wider };
}

function capped(interval: Interval | null, cap: number | null): Interval | null {
  if (cap === null) return interval;
  if (interval === null) return { low: 0, likely: cap, high: cap };
  const { low, likely, high } = interval;
  return { low: Math.min(low, cap), likely: Math.min(likely, cap), high: Math.min(high, cap) };
}

/** Which samples speak for an agent, the nearest ones that there are. */
function nearest(
  unit: ForecastUnit,
  samples: readonly ForecastSample[],
): { basis: ForecastBasis; near: readonly ForecastSample[] } {
  const same = samples.filter(({ executor, model }) => executor === unit.executor && model === unit.model);
  const own = same.filter(({ wave, unitId }) => wave === unit.wave && unitId === unit.unitId);
  if (own.length > 0) return { basis: 'own', near: own };
  const role = same.filter((one) => one.role === unit.role);
  if (role.length > 0) return { basis: 'role', near: role };
  return { basis: same.length > 0 ? 'executor' : 'unknown', near: same };
}

const known = <T>(values: readonly (T | null)[]) => values.filter((value) => value !== null);

/** One start of one agent. */
export function forecastUnit(unit: ForecastUnit, samples: readonly ForecastSample[]): UnitForecast {
  const { basis, near } = nearest(unit, samples);
  const seen = intervalOf(known(near.map(({ usd }) => usd)));
  const minutes = capped(intervalOf(known(near.map((one) => one.minutes))), unit.caps.minutes);
  const usd = unit.free ? { low: 0, likely: 0, high: 0 } : capped(seen, unit.caps.usd);
  const rests = unit.free ? 'free' : seen !== null ? basis : usd === null ? 'unknown' : 'caps';
  return { unitId: unit.unitId, basis: rests, samples: near.length, usd, minutes };
}

/** One launch: each agent that has to run is started once. What only may have to run counts in nothing but `likely` and `high`. */
export function forecastWave(
  units: readonly ForecastUnit[],
  samples: readonly ForecastSample[],
): WaveForecast {
  const forecasts = units.map((unit) => forecastUnit(unit, samples));
  const least = forecasts.map((one, at) => (units[at]?.certain === true ? one.usd : withoutLow(one.usd)));
  return {
    units: forecasts,
    usd: sumOf(known(least)),
    minutes: longestChain(units, forecasts),
    unknown: forecasts.filter(({ usd }) => usd === null).map(({ unitId }) => unitId),
  };
}

const withoutLow = (interval: Interval | null) => (interval === null ? null : { ...interval, low: 0 });

function sumOf(intervals: readonly Interval[]): Interval | null {
  if (intervals.length === 0) return null;
  return intervals.reduce((sum, one) => ({
    low: sum.low + one.low,
    likely: sum.likely + one.likely,
    high: sum.high + one.high,
  }));
}

/** Each bound along its own longest chain: an agent waits for the whole stage before its own, and for those that it names. */
function longestChain(units: readonly ForecastUnit[], forecasts: readonly UnitForecast[]): Interval | null {
  if (forecasts.every(({ minutes }) => minutes === null)) return null;
  const lengthBy = (bound: keyof Interval) => {
    const ends = new Map<string, number>();
    const own = (unitId: string) => forecasts.find((one) => one.unitId === unitId)?.minutes?.[bound] ?? 0;
    let before = 0;
    for (const stage of stages) {
      const inStage = units.filter((unit) => unit.stage === stage);
      const end = (unitId: string, seen: readonly string[]): number => {
        const unit = inStage.find((one) => one.unitId === unitId);
        if (unit === undefined || seen.includes(unitId)) return before;
        const done = ends.get(unitId);
        if (done !== undefined) return done;
        const start = Math.max(before, ...unit.dependsOn.map((one) => end(one, [...seen, unitId])));
        ends.set(unitId, start + (bound === 'low' && !unit.certain ? 0 : own(unitId)));
        return ends.get(unitId) ?? before;
      };
      before = Math.max(before, ...inStage.map(({ unitId }) => end(unitId, [])));
    }
    return before;
  };
  return { low: lengthBy('low'), likely: lengthBy('likely'), high: lengthBy('high') };
}

/** How far a forecast was from what came. */
export interface ForecastError {
  /** What came lies between `low` and `high`. */
  inside: boolean;
  /** What came divided by `likely`; null where that is 0. */
  ratio: number | null;
}

/** Null where one of the two is not known. */
export function forecastError(forecast: Interval | null, came: number | null): ForecastError | null {
  if (forecast === null || came === null) return null;
  const { low, likely, high } = forecast;
  return { inside: came >= low && came <= high, ratio: likely === 0 ? null : came / likely };
}

/** What was forecast of one attempt, and what came: stored, and published by the bench. */
export interface ForecastRecord {
  forecastFormat: 1;
  wave: string;
  attempt: number;
  forecast: UnitForecast;
  came: { usd: number | null; minutes: number | null };
  error: { usd: ForecastError | null; minutes: ForecastError | null };
}

/** How good many forecasts were. */
export interface ForecastScore {
  /** Forecasts of which both sides are known. */
  forecasts: number;
  /** Share of what came between `low` and `high`, 0 to 1; null where there is none. */
  inside: number | null;
  /** Median of what came divided by `likely`: 1 is right, above 1 too low. */
  ratio: number | null;
}

/** The errors of many attempts as one. */
export function scoreForecasts(errors: readonly (ForecastError | null)[]): ForecastScore {
  const all = known(errors);
  const ratios = known(all.map(({ ratio }) => ratio)).sort((a, b) => a - b);
  return {
    forecasts: all.length,
    inside: all.length === 0 ? null : all.filter(({ inside }) => inside).length / all.length,
    ratio: ratios[Math.floor((ratios.length - 1) / 2)] ?? null,
  };
}

/**
 * Why a launch is above a limit of US dollars, in words; null where it is within. `spentUsd` is what the wave has cost so far, null where nobody
 * knows. What nobody can tell is above every limit: paying fails closed.
 */
export function describeAboveLimit(
  { usd, unknown }: Pick<WaveForecast, 'usd' | 'unknown'>,
  { spentUsd, limitUsd }: { spentUsd: number | null; limitUsd: number },
): string | null {
  if (spentUsd === null)
    return `nobody can tell what its wave has cost so far, and the limit is $${limitUsd}`;
  if (unknown.length > 0)
    return `nobody can tell what ${unknown.join(', ')} will cost, and the limit is $${limitUsd}`;
  const likely = spentUsd + (usd?.likely ?? 0);
  if (likely <= limitUsd) return null;
  return `its wave is likely to cost ${dollars(likely)}${spentUsd > 0 ? ` (${dollars(spentUsd)} of it spent)` : ''}, and the limit is $${limitUsd}`;
}

const dollars = (usd: number) => `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
const tenths = (minutes: number) => `${Math.round(minutes * 10) / 10}`;

const bases: Readonly<Record<ForecastBasis, string>> = {
  own: 'by earlier attempts of the agent',
  role: 'by agents of the same role',
  executor: 'by agents on the same program',
  caps: 'by its cap alone',
  free: 'its program costs nothing',
  unknown: 'nothing to go by',
};

/** `$0.8000 to $3.10, likely $1.50; 4 to 12.5 min (by agents of the same role, 6 attempts)`. */
export function describeUnitForecast({ basis, samples, usd, minutes }: UnitForecast): string {
  const parts = [
    moneyOf(usd),
    minutes === null ? null : `${tenths(minutes.low)} to ${tenths(minutes.high)} min`,
  ];
  const known = parts.filter((part) => part !== null).join('; ');
  const seen = samples > 0 && basis !== 'free' ? `, ${count(samples, 'attempt')}` : '';
  return `${known === '' ? 'unknown' : known} (${bases[basis]}${seen})`;
}

function moneyOf(usd: Interval | null): string | null {
  if (usd === null) return null;
  if (usd.high === 0) return '$0';
  return `${dollars(usd.low)} to ${dollars(usd.high)}, likely ${dollars(usd.likely)}`;
}

/** The whole launch in one line. */
export function describeWaveForecast({ units, usd, minutes, unknown }: WaveForecast): string {
  if (units.length === 0) return 'nothing has to be paid';
  const time = minutes === null ? 'time unknown' : `${tenths(minutes.low)} to ${tenths(minutes.high)} min`;
  const rest = unknown.length === 0 ? '' : `; without ${unknown.join(', ')}, of which nothing is known`;
  return `${moneyOf(usd) ?? 'cost unknown'}; ${time} where agents run side by side${rest}`;
}
