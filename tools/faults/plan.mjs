import labels from './labels.cjs';

const { canFail } = labels;

/** The faults of a run, by row of the table: which of them are tried is a function of the seed and of what was traced. */

/** A small generator of numbers below one (mulberry32): the same sequence for the same seed everywhere. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in an order of their own. */
export function shuffled(items, random) {
  const left = [...items];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other], left[at]];
  }
  return left;
}

/** At most `limit` trials, effects of another name first. */
function choose(trials, limit, random) {
  const seen = new Set();
  const [fresh, again] = [[], []];
  for (const trial of shuffled(trials, random)) {
    const key = `${trial.scenario} ${trial.label}`;
    (seen.has(key) ? again : fresh).push(trial);
    seen.add(key);
  }
  return [...fresh, ...again].slice(0, limit);
}

/** `trials` of a row for one scenario, from its effects in order. */
const at =
  (kind, more = {}, holds = () => true) =>
  (scenario, effects) =>
    effects.flatMap((effect, index) =>
      holds(effect) ? [{ scenario, label: effect.label, fault: { kind, at: index + 1, ...more } }] : [],
    );

/** Errors count the effects of one place that can have them. */
const errors = (place, codes) => (scenario, effects) =>
  codes.flatMap((code) =>
    effects
      .filter((effect) => effect.place === place && canFail(code, effect.name))
      .flatMap(({ label }, index) =>
        ['error-once', 'error-on'].map((kind) => ({
          scenario,
          label: `${code} ${label}`,
          fault: { kind, place, code, at: index + 1 },
        })),
      ),
  );

const diskErrors = ['ENOSPC', 'EACCES', 'EIO', 'EMFILE', 'EROFS'];

/** `full`: trials of the whole run, `short` those of the long tests. */
export const rows = [
  { title: 'killed before an effect', trials: at('kill-before'), full: Infinity, short: 6 },
  {
    title: 'killed in the middle of one',
    trials: at('kill-half', {}, ({ half }) => half),
    full: 300,
    short: 3,
  },
  { title: 'power lost, what was not flushed is gone', trials: at('lost-before'), full: 300, short: 5 },
  { title: 'I/O error in the store', trials: errors('store', diskErrors), full: 80, short: 2 },
  { title: 'I/O error in the state root', trials: errors('state root', diskErrors), full: 80, short: 1 },
  { title: 'I/O error in the temp folder', trials: errors('temp folder', diskErrors), full: 80, short: 1 },
  { title: 'I/O error in the repository', trials: errors('repository', diskErrors), full: 40, short: 1 },
  {
    title: 'a program that cannot be started',
    trials: errors('programs', ['EMFILE', 'EACCES', 'EAGAIN']),
    full: 40,
    short: 1,
  },
  { title: 'SIGTERM', trials: at('signal', { code: 'SIGTERM' }), full: 40, short: 1 },
  { title: 'Ctrl-C', trials: at('signal', { code: 'SIGINT' }), full: 40, short: 1 },
  { title: 'Ctrl-C twice', trials: at('signal-twice', { code: 'SIGINT' }), full: 40, short: 1 },
  { title: 'terminal closed (SIGHUP)', trials: at('signal', { code: 'SIGHUP' }), full: 40, short: 1 },
  { title: 'suspended for a day', trials: at('stop'), full: 40, short: 1 },
  {
    title: 'stopped, and the same command beside it',
    trials: (scenario, effects) =>
      at('stop')(scenario, effects).map((trial) => ({ ...trial, besides: true })),
    full: 40,
    short: 1,
  },
  {
    title: 'killed, and a stored byte changed',
    trials: (scenario, effects) =>
      at('kill-before')(scenario, effects).map((trial, damage) => ({
        ...trial,
        fault: { ...trial.fault, damage },
      })),
    full: 40,
    short: 1,
  },
];

/** Kinds of faults that can begin with a copy; of every ten effects the last one is disturbed in a real process all the same. */
const copied = /^(kill|lost)-/;
const isReal = ({ kind, at: number }) => !copied.test(kind) || number % 10 === 0;

/**
 * The rows with the trials that are `chosen` of all that their scenarios give. `limit`: at most so many of each row; `effect`:
 * those at this number, all of them.
 */
export function planTrials(traces, { size, seed, limit = Infinity, effect = null, real = false }) {
  const random = randomOf(seed);
  return rows.map((row) => {
    const trials = traces.flatMap(([scenario, effects]) => row.trials(scenario, effects));
    const chosen =
      effect === null
        ? choose(trials, Math.min(row[size], limit), random)
        : trials.filter(({ fault }) => fault.at === effect);
    return {
      title: row.title,
      chosen: chosen.map((trial) => ({ ...trial, real: real || effect !== null || isReal(trial.fault) })),
    };
  });
}
