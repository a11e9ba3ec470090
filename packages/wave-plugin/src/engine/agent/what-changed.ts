import {
  comparableIngredients,
  compareIngredients,
  describeIngredientChange,
  isAcceptance,
  type IngredientChange,
  type Ingredients,
} from '../../core/digest/ingredients';
import { describeUncounted, uncountedContext } from '../../core/digest/former-context';
import type { ResolvedAgent } from '../../core/model';
import type { Bundle } from '../../edges/store/bundle';
import type { Session } from '../session/session';
import { resultBundles } from '../slices/slices';
import type { AgentInputs } from './agent-inputs';

/** How the keys of today differ from those of the last work that is known. */
export interface WhatChanged {
  changed: IngredientChange[];
  /** For people: `wave-3/A1/attempt-2`. Null where no work is known, or its parts are not. */
  since: string | null;
  /** Context files that the former work did not count. */
  uncounted: string[];
}

/** Every bundle of the agent on this machine, oldest attempt first. */
export async function knownBundles(session: Session, agent: ResolvedAgent): Promise<Bundle[]> {
  const own = await session.attempts.list(session.wave.identity.project, agent.unitId);
  const shown = await resultBundles(session, agent.unitId);
  const byDigest = new Map([...shown, ...own].map((bundle) => [bundle.proofDigest, bundle]));
  return [...byDigest.values()].sort((a, b) => a.manifest.predicate.attempt - b.manifest.predicate.attempt);
}

/** `waits`: what the stage before leaves is not known yet, and a missing verdict is no change. */
export function whatChanged(
  { wave }: Pick<Session, 'wave'>,
  agent: ResolvedAgent,
  { known, now, waits }: { known: readonly Bundle[]; now: Ingredients; waits: boolean },
): WhatChanged {
  const last = known.findLast(({ manifest }) => manifest.predicate.ingredients !== undefined);
  const before = last?.manifest.predicate.ingredients;
  if (last === undefined || before === undefined) return { since: null, changed: [], uncounted: [] };
  return {
    since: last.manifest.predicate.proofBundleId,
    changed: compareIngredients(waits ? comparableIngredients(before) : before, now),
    uncounted: uncountedContext(before, agent.contextPaths, wave),
  };
}

/** Why an agent is started although work of it is known, in lines; empty where its inputs are those of that work. */
export async function whyRunAgain(
  session: Session,
  agent: ResolvedAgent,
  { ingredients }: Pick<AgentInputs, 'ingredients'>,
): Promise<string[]> {
  const known = await knownBundles(session, agent);
  const { changed, since, uncounted } = whatChanged(session, agent, {
    known,
    now: ingredients,
    waits: false,
  });
  const work = changed.filter(({ name }) => !isAcceptance(name));
  if (since === null || work.length === 0) return [];
  return [
    `not reused: changed since ${since}: ${work.map(describeIngredientChange).join(', ')}`,
    ...(uncounted.length > 0 ? [`not reused: ${describeUncounted(uncounted, since)}`] : []),
  ];
}
