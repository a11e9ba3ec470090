export type IngredientKind = 'flour' | 'liquid' | 'salt' | 'leaven' | 'other';

/** One line of a formula. `percent` is a baker's percentage: the weight of all flour together is 100. */
export interface Ingredient {
  name: string;
  kind: IngredientKind;
  percent: number;
}

/** A bread, written the way bakers write it: independent of how much is made. */
export interface Formula {
  name: string;
  ingredients: readonly Ingredient[];
}

const sum = (ingredients: readonly Ingredient[]) =>
  ingredients.reduce((total, ingredient) => total + ingredient.percent, 0);

/** The weight of the dough in percent of the flour. */
export function totalPercent(formula: Formula): number {
  return sum(formula.ingredients);
}

/** Liquid in percent of the flour: the number by which bakers compare doughs. */
export function hydration(formula: Formula): number {
  return sum(formula.ingredients.filter(({ kind }) => kind === 'liquid'));
}

/** Everything that makes a formula unusable, one sentence each; empty for a sound one. */
export function problemsOf(formula: Formula): string[] {
  const problems: string[] = [];
  const flour = sum(formula.ingredients.filter(({ kind }) => kind === 'flour'));
  if (flour !== 100) problems.push(`${formula.name}: the flours add up to ${flour} %, not to 100 %.`);
  for (const { name, percent } of formula.ingredients) {
    if (!(percent > 0)) problems.push(`${formula.name}: ${name} needs a share above 0 %, not ${percent} %.`);
  }
  const names = formula.ingredients.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    problems.push(`${formula.name}: ${name} is listed more than once.`);
  }
  return problems;
}
