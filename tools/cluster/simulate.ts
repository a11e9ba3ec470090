import { invariants, type Findings, type Invariant } from './checks';
import { disturbCalls } from './lost-responses';
import { runAlone } from './naive';
import { planTrial } from './plan';
import { randomOf } from './random';
import type { Totals } from './table';
import { outcomeOf, playPlan, runTrial } from './trial';
import type { Control } from './without';

export interface Simulation {
  trials: number;
  seed: number;
  /** One rule that is switched off. */
  control?: Control;
  /** How many calls of each trial are disturbed one by one. */
  disturbed: number;
  /** Whether each trial is played without a shared store as well. */
  compare: boolean;
  report(text: string): void;
}

/** Trials one after the other; each is decided by the seed and its number alone. */
export async function simulate(simulation: Simulation): Promise<Totals> {
  const { trials, seed, control, compare, report } = simulation;
  const totals: Totals = {
    trials,
    tested: Object.fromEntries(invariants.map((one) => [one, 0])) as Record<Invariant, number>,
    red: {},
    causes: {},
    shared: [],
    alone: [],
    met: {},
  };
  for (let trial = 0; trial < trials; trial += 1) {
    const number = seed * 100_000 + trial;
    const random = randomOf(number);
    const planned = planTrial(random, trial);
    const plan = control?.plan?.(planned) ?? planned;
    const result = await runTrial(plan, number, control);
    const calls = await disturbCalls(random, number, {
      sabotage: control ?? {},
      count: simulation.disturbed,
    });
    add(totals.causes, result.causes);
    add(totals.tested, result.tested);
    add(totals.tested, { I6: calls.tested });
    add(totals.met, result.trial.server.met);
    totals.shared.push(outcomeOf(result.trial));
    if (compare) totals.alone.push(outcomeOf(await playPlan(plan, number, {}, runAlone), result.trial));
    note(totals, trial, [...result.red, ...calls.red], report);
  }
  return totals;
}

function note(totals: Totals, trial: number, red: Findings['red'], report: (text: string) => void): void {
  for (const of of new Set(red.map((one) => one.of))) totals.red[of] = (totals.red[of] ?? 0) + 1;
  for (const { of, text } of red.slice(0, 3)) report(`trial ${trial}: ${of}: ${text}`);
}

function add(to: Record<string, number>, from: Record<string, number>): void {
  for (const [name, count] of Object.entries(from)) to[name] = (to[name] ?? 0) + count;
}
