import { join } from 'node:path';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { findAdapter } from '../../adapters/registry';
import { forecastError, forecastUnit, type ForecastRecord } from '../../core/forecast';
import type { Bundle } from '../../edges/store/bundle';
import { writeRecord } from '../session/write-record';
import type { AttemptContext } from './attempt';
import { minutesOf } from './attempt-cost';
import { forecastUnitOf, readSamples } from './forecast-costs';

/** Folder below the durable root: `<project>/<unit>-<attempt>.json`, one for each attempt of a program that costs. */
export const forecastsFolder = 'forecasts';

/**
 * Keeps what an attempt was forecast to use by everything that was known without it, and what it used. It decides nothing: where it
 * cannot be written, the error of forecasts is known of one attempt less.
 */
export async function storeForecast(context: AttemptContext, bundle: Bundle): Promise<void> {
  const { session, agent, attempt, verified } = context;
  const { executor, usage } = bundle.manifest.predicate;
  if (verified !== undefined || findAdapter(executor.id, session.adapters)?.free !== false) return;
  const { project } = session.wave.identity;
  const { unitId } = agent;
  const samples = await readSamples(session, { unitId, attempt });
  const unit = {
    ...forecastUnitOf(session, agent, { certain: true }),
    executor: executor.id,
    model: executor.model,
  };
  const forecast = forecastUnit(unit, samples);
  const came = { usd: usage?.usd ?? null, minutes: await minutesOf(bundle) };
  const record: ForecastRecord = {
    forecastFormat: 1,
    ...{ wave: project, attempt, forecast, came },
    error: {
      usd: forecastError(forecast.usd, came.usd),
      minutes: forecastError(forecast.minutes, came.minutes),
    },
  };
  const path = join(session.durableRoot, forecastsFolder, project, `${unitId}-${attempt}.json`);
  await writeRecord(session, path, { text: `${canonicalJson(record)}\n` });
}
