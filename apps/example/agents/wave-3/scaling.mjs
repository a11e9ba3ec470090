// Agent A1: from one formula to any number of loaves, rounded to what kitchen scales can show.
const folder = 'apps/example/src';

const code = (step) => `import { totalPercent, type Formula } from './formula';
import { weighOut, type Weighed } from './weights';

/** Every weight is rounded to a multiple of this: finer is lost on kitchen scales. */
export const roundingStepGrams = ${step};

/** The multiple of \`stepGrams\` next to \`grams\`; a share above nothing never becomes nothing. */
export function roundToStep(grams: number, stepGrams = roundingStepGrams): number {
  return grams > 0 ? Math.max(1, Math.round(grams / stepGrams)) * stepGrams : 0;
}

/** How much flour, unrounded, makes this much dough. */
export function flourGramsFor(formula: Formula, doughGrams: number): number {
  return (doughGrams * 100) / totalPercent(formula);
}

/** What to weigh for \`loaves\` pieces of dough of \`gramsEach\`. */
export function scaleToLoaves(
  formula: Formula,
  { loaves, gramsEach }: { loaves: number; gramsEach: number },
): Weighed[] {
  const flourGrams = flourGramsFor(formula, loaves * gramsEach);
  return weighOut(formula, flourGrams).map(({ name, grams }) => ({ name, grams: roundToStep(grams) }));
}
`;

const tests = (step) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryLoaf, focaccia } from './breads';
import { flourGramsFor, roundingStepGrams, roundToStep, scaleToLoaves } from './scale';
import { doughGrams } from './weights';

test('rounds to the step that was agreed on', () => {
  assert.equal(roundingStepGrams, ${step});
  assert.equal(roundToStep(${step * 3}), ${step * 3});
  assert.equal(roundToStep(${step * 3} + ${step} * 0.4), ${step * 3});
  assert.equal(roundToStep(${step * 3} + ${step} * 0.6), ${step * 4});
});

test('never rounds a pinch away', () => {
  assert.equal(roundToStep(0.1), ${step});
  assert.equal(roundToStep(0), 0);
});

test('finds the flour for an amount of dough', () => {
  assert.equal(flourGramsFor(countryLoaf, 1920), 1000);
  assert.equal(flourGramsFor(focaccia, 950), 500);
});

test('scales every bread to within half a step per ingredient', () => {
  for (const bread of [countryLoaf, focaccia]) {
    for (const loaves of [1, 2, 5, 12]) {
      const weighed = scaleToLoaves(bread, { loaves, gramsEach: 900 });
      assert.ok(weighed.every(({ grams }) => grams % roundingStepGrams === 0));
      const off = Math.abs(doughGrams(weighed) - loaves * 900);
      assert.ok(off <= (weighed.length * roundingStepGrams) / 2, \`\${bread.name} × \${loaves}: \${off} g off\`);
    }
  }
});
`;

const guide = (step) => `# Scaling

\`scaleToLoaves(formula, { loaves, gramsEach })\` says what to weigh. Weights are multiples of ${step} g, and an ingredient
that is in the formula is never rounded down to nothing.

\`\`\`ts
scaleToLoaves(countryLoaf, { loaves: 2, gramsEach: 900 });
\`\`\`
`;

export function work({ number, needExports, files, delivered }) {
  needExports(`${folder}/formula.ts`, ['totalPercent']);
  needExports(`${folder}/weights.ts`, ['weighOut', 'doughGrams']);
  const step = number('rounding step', 5);
  files.write(`${folder}/scale.ts`, code(step));
  files.write(`${folder}/scale.test.ts`, tests(step));
  files.write('apps/example/docs/scaling.md', guide(step));
  return delivered({
    detail: `Formulas scale to loaves; weights are rounded to ${step} g.`,
    components: ['dough-scaling'],
    docPaths: ['apps/example/docs/scaling.md'],
  });
}
