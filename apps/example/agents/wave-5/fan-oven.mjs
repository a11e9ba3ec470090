// Agent A1: the ovens of the house have fans now, and bake faster.
const folder = 'apps/example/src';

const code = (percent) => `const startMinutes = 15;
const gramsPerMinute = 30;

/** Minutes in a fan oven for every minute in still air. */
const fanShare = ${(100 - percent) / 100};

/** How long one loaf of this weight bakes at 230 °C in a fan oven, ${percent} % less than in still air. */
export function bakeMinutes(doughGrams: number): number {
  return Math.round((startMinutes + doughGrams / gramsPerMinute) * fanShare);
}
`;

const minutes = (grams, percent) => Math.round((15 + grams / 30) * ((100 - percent) / 100));

const tests = (percent) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bakeMinutes } from './oven';

test('bakes a heavier loaf longer', () => {
  assert.equal(bakeMinutes(90), ${minutes(90, percent)});
  assert.equal(bakeMinutes(450), ${minutes(450, percent)});
  assert.equal(bakeMinutes(900), ${minutes(900, percent)});
});

test('never bakes longer than still air did', () => {
  for (const grams of [90, 450, 900, 1800]) assert.ok(bakeMinutes(grams) <= 15 + grams / 30);
});
`;

export function work({ number, needExports, files, delivered }) {
  needExports(`${folder}/oven.ts`, ['bakeMinutes']);
  const percent = number('fan saves', 10);
  files.write(`${folder}/oven.ts`, code(percent));
  files.write(`${folder}/oven.test.ts`, tests(percent));
  return delivered({
    detail: `bakeMinutes answers for a fan oven: ${percent} % less.`,
    components: ['oven-times'],
  });
}
