import type { Formula } from './formula';

/** One ingredient on the scales. */
export interface Weighed {
  name: string;
  grams: number;
}

/** What to weigh for a given amount of flour, in the order of the formula, unrounded. */
export function weighOut(formula: Formula, flourGrams: number): Weighed[] {
  return formula.ingredients.map(({ name, percent }) => ({ name, grams: (flourGrams * percent) / 100 }));
}

/** The weight of everything in the bowl. */
export function doughGrams(weighed: readonly Weighed[]): number {
  return weighed.reduce((total, { grams }) => total + grams, 0);
}
