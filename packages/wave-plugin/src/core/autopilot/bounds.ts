import type { AutopilotBounds } from '@nx-wave/schemas';
import { count } from '../count';
import { describeWaveForecast, type WaveForecast } from '../forecast';
import type { WaveSettings } from '../model';

/** What holds an autopilot of a wave with these settings. */
export function boundsOf(
  { limits, autopilot, budget }: Pick<WaveSettings, 'limits' | 'autopilot' | 'budget'>,
  { maxUsd, forecast }: { maxUsd: number | null; forecast: WaveForecast },
): AutopilotBounds {
  const { usd, minutes, unknown } = forecast;
  return {
    attempts: limits.attempts,
    repairs: autopilot.repairs,
    budget: { ...budget },
    maxUsd,
    forecast: { usd: usd && { ...usd }, minutes: minutes && { ...minutes }, unknown },
  };
}

/** The bounds in words, before anything is paid. `limitFrom` names where `maxUsd` stands. */
export function boundLines(
  project: string,
  { attempts, repairs, budget, maxUsd }: AutopilotBounds,
  more: { forecast: WaveForecast; limitFrom: string | null; dependsOn: readonly string[] },
): string[] {
  const caps = [
    ...(budget.usd === null ? [] : [`$${budget.usd}`]),
    ...(budget.tokens === null ? [] : [`${budget.tokens} tokens`]),
    ...(budget.minutes === null ? [] : [count(budget.minutes, 'minute')]),
  ];
  const likely =
    maxUsd === null ? [] : [`likely cost up to $${maxUsd} (${more.limitFrom ?? 'budget.maxUsd'})`];
  const money = [...(caps.length === 0 ? [] : [`${caps.join(', ')} (budget)`]), ...likely];
  return [
    `autopilot of ${project}: launches until it is closed, or a person has to speak`,
    `  attempts: ${count(attempts, 'failed attempt')} of an agent for the same inputs (limits.attempts)`,
    `  repairs: finished work is sent back ${count(repairs, 'time')} at most (autopilot.repairs)`,
    `  money: ${money.length === 0 ? 'no limit; budget.usd, budget.maxUsd and NX_WAVE_MAX_USD are limits' : money.join('; ')}`,
    `  forecast of one launch: ${describeWaveForecast(more.forecast)}`,
    ...(more.dependsOn.length === 0 ? [] : [`  launched with it where open: ${more.dependsOn.join(', ')}`]),
  ];
}
