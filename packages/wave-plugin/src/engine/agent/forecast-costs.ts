import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import {
  describeAboveLimit,
  forecastWave,
  type ForecastSample,
  type ForecastUnit,
  type WaveForecast,
} from '../../core/forecast';
import type { ResolvedAgent } from '../../core/model';
import { countsAsAttempt } from '../../core/paid-attempts';
import { knownUsd } from '../../core/spending';
import { findAdapter } from '../../adapters/registry';
import type { Session } from '../session/session';
import { readSpending } from '../session/spending';
import { minutesOf } from './attempt-cost';
import { knownBundles } from './what-changed';

/** The variable with the most US dollars that a wave may be likely to cost. No target of Nx has it among its inputs. */
export const maxUsdVariable = 'NX_WAVE_MAX_USD';

/** Attempts of this machine that were paid for and count, of every wave. `except`: the attempt that is judged now. */
export async function readSamples(
  session: Session,
  except?: { unitId: string; attempt: number },
): Promise<ForecastSample[]> {
  const samples: ForecastSample[] = [];
  const own = session.wave.identity.project;
  for (const { project, unitId } of await session.attempts.everyone())
    for (const bundle of await session.attempts.list(project, unitId)) {
      const { predicate } = bundle.manifest;
      const isExcepted = project === own && unitId === except?.unitId && predicate.attempt === except.attempt;
      if (isExcepted || !countsAsAttempt(predicate)) continue;
      const { role, executor, usage } = predicate;
      const { id, model } = executor;
      const minutes = await minutesOf(bundle);
      samples.push({ wave: project, unitId, role, executor: id, model, usd: usage?.usd ?? null, minutes });
    }
  return samples;
}

export function forecastUnitOf(
  session: Session,
  agent: ResolvedAgent,
  { certain }: { certain: boolean },
): ForecastUnit {
  const { unitId, stage, dependsOn, role, executor } = agent;
  const { usd = null, minutes = null } = executor.budget;
  return {
    wave: session.wave.identity.project,
    ...{ unitId, stage, dependsOn, role },
    executor: executor.id,
    model: executor.model,
    free: findAdapter(executor.id, session.adapters)?.free === true,
    caps: { usd, minutes },
    certain,
  };
}

/** What a launch would cost that pays these agents; nothing is read where it pays nobody. */
export async function forecastOf(session: Session, units: readonly ForecastUnit[]): Promise<WaveForecast> {
  return forecastWave(units, units.length === 0 ? [] : await readSamples(session));
}

/** The limit of what a wave may be likely to cost, and where it stands. */
export interface LikelyLimit {
  usd: number;
  from: string;
}

/** The lower one of NX_WAVE_MAX_USD and `budget.maxUsd`; null without any. Codes: option-invalid. */
export function likelyLimit({ edges, wave }: Pick<Session, 'edges' | 'wave'>): Result<LikelyLimit | null> {
  const { maxUsd } = wave.settings;
  const configured = maxUsd === null ? null : { usd: maxUsd, from: 'budget.maxUsd' };
  const text = edges.env[maxUsdVariable];
  if (text === undefined || text === '') return ok(configured);
  if (!/^\d+(?:\.\d+)?$/.test(text.trim()))
    return err(
      failure(
        'option-invalid',
        `${maxUsdVariable} is ${JSON.stringify(text)}, which is no amount of US dollars.`,
        {
          place: { wave: wave.identity.project },
          next: `Set it to a number, such as ${maxUsdVariable}=5, or unset it.`,
        },
      ),
    );
  const asked = { usd: Number(text), from: maxUsdVariable };
  return ok(configured !== null && configured.usd < asked.usd ? configured : asked);
}

/**
 * Refuses an agent whose wave is likely to cost more than its limit: what the wave has cost, this agent, and those of whom nothing
 * is known yet. Null without a limit, and for a program that costs nothing. Codes: wave-forecast, option-invalid.
 */
export async function refuseAboveForecast(session: Session, agent: ResolvedAgent): Promise<Failure | null> {
  const { project, path } = session.wave.identity;
  const place = { wave: project, agentId: agent.unitId, path };
  const limit = likelyLimit(session);
  if (!limit.ok) return { ...limit.error, place };
  if (limit.value === null) return null;
  const { usd: limitUsd, from } = limit.value;
  const unit = forecastUnitOf(session, agent, { certain: true });
  if (unit.free) return null;
  const others: ForecastUnit[] = [];
  for (const other of session.wave.agents) {
    if (other.unitId === agent.unitId) continue;
    // Whoever has begun is in what is spent.
    const begun =
      (await knownBundles(session, other)).length > 0 ||
      (await session.attempts.uncollected(project, other.unitId)).length > 0;
    if (!begun) others.push(forecastUnitOf(session, other, { certain: false }));
  }
  const forecast = await forecastOf(session, [unit, ...others]);
  const spentUsd = knownUsd(readSpending(session));
  const above = describeAboveLimit(forecast, { spentUsd, limitUsd });
  if (above === null) return null;
  return failure('wave-forecast', `Agent ${agent.unitId} of ${project} is not started: ${above}.`, {
    place,
    next: `${wayOut(spentUsd, forecast)} ${from}, then nx run ${project}:launch: nothing was paid for it, and finished work is kept.`,
  });
}

/** What a person does about it; the name of the limit comes behind it. */
function wayOut(spentUsd: number | null, { unknown }: WaveForecast): string {
  const cap = '`- budget.usd:` under ### Executor, or';
  if (spentUsd === null) return `Give the agents that did not tell ${cap} unset`;
  return unknown.length > 0 ? `Give those agents ${cap} raise` : 'Raise';
}
