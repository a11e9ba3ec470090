// Agent A3: a recipe card of plain text, to print and pin to the kitchen wall.
const folder = 'apps/example/src';

const code = (width) => `import { hydration, type Formula } from './formula';
import { doughGrams, type Weighed } from './weights';

/** Columns of a card. */
export const cardWidth = ${width};

/** \`left\` and \`right\` at the two edges of a line, dots between; a line too long keeps one space. */
export function leaderLine(left: string, right: string, width = cardWidth): string {
  const dots = width - left.length - right.length - 2;
  return dots > 0 ? \`\${left} \${'.'.repeat(dots)} \${right}\` : \`\${left} \${right}\`;
}

/** A card with the title, one line per ingredient, the weight of the dough and its hydration. */
export function recipeCard(formula: Formula, weighed: readonly Weighed[]): string {
  const rule = '-'.repeat(cardWidth);
  return [
    formula.name,
    rule,
    ...weighed.map(({ name, grams }) => leaderLine(name, \`\${Math.round(grams)} g\`)),
    rule,
    leaderLine('dough', \`\${Math.round(doughGrams(weighed))} g\`),
    leaderLine('hydration', \`\${Math.round(hydration(formula))} %\`),
    '',
  ].join('\\n');
}
`;

const tests = (width) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryLoaf, focaccia } from './breads';
import { cardWidth, leaderLine, recipeCard } from './card';
import { weighOut } from './weights';

test('is as wide as was asked for', () => {
  assert.equal(cardWidth, ${width});
  for (const bread of [countryLoaf, focaccia]) {
    const lines = recipeCard(bread, weighOut(bread, 500)).split('\\n').slice(1, -1);
    assert.deepEqual(new Set(lines.map((line) => line.length)), new Set([cardWidth]));
  }
});

test('lists every ingredient in the order of the formula', () => {
  const lines = recipeCard(focaccia, weighOut(focaccia, 400)).split('\\n');
  assert.equal(lines[0], 'Focaccia');
  assert.deepEqual(
    lines.slice(2, 7).map((line) => line.replace(/ \\.+ /, '|')),
    ['bread flour|400 g', 'water|320 g', 'olive oil|24 g', 'salt|10 g', 'fresh yeast|6 g'],
  );
});

test('closes with the dough and its hydration', () => {
  const lines = recipeCard(countryLoaf, weighOut(countryLoaf, 1000)).split('\\n');
  assert.match(lines.at(-3) ?? '', /^dough \\.+ 1920 g$/);
  assert.match(lines.at(-2) ?? '', /^hydration \\.+ 70 %$/);
});

test('keeps a line readable that is too long for the card', () => {
  assert.equal(leaderLine('flour', '9 g', 4), 'flour 9 g');
});
`;

export function work({ number, needExports, files, delivered }) {
  needExports(`${folder}/formula.ts`, ['hydration', 'Formula']);
  needExports(`${folder}/weights.ts`, ['doughGrams', 'Weighed']);
  const width = number('width', 40);
  files.write(`${folder}/card.ts`, code(width));
  files.write(`${folder}/card.test.ts`, tests(width));
  return delivered({
    detail: `Recipe cards are ${width} columns wide.`,
    components: ['recipe-card'],
  });
}
