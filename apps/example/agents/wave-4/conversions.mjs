// Agent A1: what a cup, a spoon or an ounce weighs.
const folder = 'apps/example/src';

const code = (cup) => `export type Unit = 'cup' | 'tablespoon' | 'teaspoon' | 'ounce';

const millilitresIn: Readonly<Partial<Record<Unit, number>>> = { cup: ${cup}, tablespoon: 15, teaspoon: 5 };
const gramsPerOunce = 28.35;

/** Grams in one millilitre, filled loosely and struck level. */
const densities: Readonly<Record<string, number>> = {
  'bread flour': 0.53,
  'olive oil': 0.92,
  salt: 1.2,
  sugar: 0.85,
  water: 1,
};

/** The names that can be measured by volume, sorted. */
export const measurable: readonly string[] = Object.keys(densities).sort();

/** Whole grams of an amount in kitchen measures; null for a volume of something of unknown density. */
export function gramsOf(amount: number, unit: Unit, ingredient: string): number | null {
  if (unit === 'ounce') return Math.round(amount * gramsPerOunce);
  const density = densities[ingredient];
  const millilitres = millilitresIn[unit];
  if (density === undefined || millilitres === undefined) return null;
  return Math.round(amount * millilitres * density);
}
`;

const tests = (cup) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gramsOf, measurable } from './conversions';

test('weighs a cup by what is in it', () => {
  assert.equal(gramsOf(1, 'cup', 'water'), ${cup});
  assert.equal(gramsOf(2, 'cup', 'bread flour'), ${Math.round(2 * cup * 0.53)});
});

test('weighs spoons', () => {
  assert.equal(gramsOf(1, 'tablespoon', 'olive oil'), 14);
  assert.equal(gramsOf(2, 'teaspoon', 'salt'), 12);
});

test('takes ounces as a weight, whatever is weighed', () => {
  assert.equal(gramsOf(4, 'ounce', 'walnuts'), 113);
});

test('does not guess a density', () => {
  assert.equal(gramsOf(1, 'cup', 'walnuts'), null);
  assert.ok(!measurable.includes('walnuts'));
});
`;

export function work({ number, files, delivered }) {
  const cup = number('cup', 240);
  files.write(`${folder}/conversions.ts`, code(cup));
  files.write(`${folder}/conversions.test.ts`, tests(cup));
  return delivered({
    detail: `Kitchen measures are weighed; a cup holds ${cup} ml.`,
    components: ['unit-conversions'],
  });
}
