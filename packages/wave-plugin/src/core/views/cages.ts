import type { BundlePredicate } from '@nx-wave/schemas';
import { describeCage } from '../cage/hold-cage';

/** The cages of the last attempt of a unit, in words; null where nothing ran or nothing is known. */
export interface UnitCages {
  unitId: string;
  agent: string | null;
  proofs: string | null;
}

/** What stood around each unit when it last ran, by what its bundle says. */
export function unitCages(
  unitIds: readonly string[],
  attempts: readonly { predicate: BundlePredicate }[],
): UnitCages[] {
  return unitIds.flatMap((unitId) => {
    const own = attempts.filter(({ predicate }) => predicate.agentId === unitId);
    const [last] = [...own].sort((a, b) => b.predicate.attempt - a.predicate.attempt);
    const cages = last?.predicate.cages;
    if (cages === undefined) return [];
    const { agent, proofs } = cages;
    return [{ unitId, agent: agent && describeCage(agent), proofs: proofs && describeCage(proofs) }];
  });
}

/** One line for each cage, with those whom it stood around. */
export function cageLines(cages: readonly UnitCages[]): string[] {
  const byWords = new Map<string, string[]>();
  const add = (words: string | null, who: string) => {
    if (words !== null) byWords.set(words, [...(byWords.get(words) ?? []), who]);
  };
  for (const { unitId, agent } of cages) add(agent, unitId);
  for (const { unitId, proofs } of cages) add(proofs, `proof of ${unitId}`);
  return [...byWords].map(([words, who]) => `${words}: ${who.join(', ')}`);
}

/** Whoever had no cage around it, or around its proof, when it last ran: with the words for why. */
export function unsafeCages({
  cages = [],
}: {
  cages?: readonly UnitCages[];
}): { unitId: string; words: string }[] {
  return cages.flatMap(({ unitId, agent, proofs }) =>
    [agent, proofs]
      .filter((words): words is string => words?.startsWith('none') === true)
      .map((words) => ({ unitId, words })),
  );
}
