import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  forecastError,
  forecastUnit,
  scoreForecasts,
  type ForecastError,
  type ForecastRecord,
  type ForecastSample,
  type ForecastUnit,
} from '../../packages/wave-plugin/src/core/forecast';

const [folder] = process.argv.slice(2);

/** Stored errors of the dollars of each attempt, by what the forecast rested on. */
function stored(repository: string): Map<string, (ForecastError | null)[]> {
  const common = execFileSync('git', ['rev-parse', '--git-common-dir'], {
    cwd: repository,
    encoding: 'utf8',
  });
  const root = join(resolve(repository, common.trim()), 'nx-wave', 'forecasts');
  const found = new Map<string, (ForecastError | null)[]>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.json')) continue;
    const { forecast, error } = JSON.parse(readFileSync(join(root, name), 'utf8')) as ForecastRecord;
    add(found, forecast.basis, error.usd);
  }
  return found;
}

/** Twenty agents of four roles; a role has its usual price, an agent strays from it, and each attempt from that. */
function drawn(): Map<string, (ForecastError | null)[]> {
  const random = seeded(1);
  // The sum of twelve draws is near to a normal one.
  const normal = () => Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6);
  const agents = Array.from({ length: 20 }, (_, at) => ({
    unitId: `A${at}`,
    role: `role-${at % 4}`,
    usual: Math.exp((at % 4) - 1 + 0.4 * normal()),
  }));
  const samples: ForecastSample[] = [];
  const found = new Map<string, (ForecastError | null)[]>();
  for (let at = 0; at < 2_000; at += 1) {
    const { unitId, role, usual } = agents[Math.floor(random() * agents.length)] ?? {
      unitId: '',
      role: '',
      usual: 1,
    };
    const usd = usual * Math.exp(0.5 * normal());
    const unit: ForecastUnit = {
      ...{
        wave: 'wave-1',
        unitId,
        stage: 'implementation',
        dependsOn: [],
        role,
        executor: 'codex',
        model: null,
      },
      ...{ free: false, caps: { usd: null, minutes: null }, certain: true },
    };
    const { basis, usd: interval } = forecastUnit(unit, samples.slice(-200));
    add(found, basis, forecastError(interval, usd));
    samples.push({ ...{ wave: 'wave-1', unitId, role, executor: 'codex', model: null, minutes: null }, usd });
  }
  return found;
}

function add(found: Map<string, (ForecastError | null)[]>, basis: string, error: ForecastError | null): void {
  found.set(basis, [...(found.get(basis) ?? []), error]);
}

/** Numbers from 0 to 1, always the same for one seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const found = folder === undefined ? drawn() : stored(folder);
const scores = [
  ...[...found].map(([basis, errors]) => [basis, scoreForecasts(errors)] as const),
  ['all', scoreForecasts([...found.values()].flat())] as const,
];
const print = (line: string) => process.stdout.write(`${line}\n`);
const title = folder === undefined ? 'forecasts of drawn attempts' : `forecasts stored in ${folder}`;
print(title);
for (const [basis, { forecasts, inside, ratio }] of scores)
  print(
    `${basis.padEnd(10)}${String(forecasts).padStart(6)} forecasts, ${inside === null ? '-' : Math.round(inside * 100)} % inside, came ÷ likely ${ratio?.toFixed(2) ?? '-'} (median)`,
  );

/** Rows for `npm run bench`: an interval is meant to hold nine of ten, and `likely` to be the middle. */
const { NX_WAVE_BENCH_ROWS: rowsFile, NX_WAVE_BENCH_COMMAND: command } = process.env;
if (rowsFile !== undefined)
  for (const [basis, { inside, ratio }] of scores) {
    const of = basis === 'all' ? '' : `, by ${basis}`;
    const rows = [
      ...(inside === null
        ? []
        : [
            {
              name: `forecasts of cost beside what came${of}`,
              ...{ ours: (1 - inside) * 100, unit: '%' },
              ...(basis === 'all' ? { budget: 10 } : {}),
            },
          ]),
      ...(ratio === null ? [] : [{ name: `what came ÷ likely, median${of}`, ours: ratio, unit: '×' }]),
    ];
    for (const row of rows) appendFileSync(rowsFile, `${JSON.stringify({ title, command, ...row })}\n`);
  }
