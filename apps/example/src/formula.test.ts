import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryLoaf, focaccia } from './breads';
import { hydration, problemsOf, totalPercent } from './formula';

test('adds up a dough in percent of its flour', () => {
  assert.equal(totalPercent(countryLoaf), 192);
  assert.equal(totalPercent(focaccia), 190);
});

test('counts only liquids as hydration', () => {
  assert.equal(hydration(countryLoaf), 70);
  assert.equal(hydration(focaccia), 80);
});

test('names every fault of a formula at once', () => {
  const faulty = {
    name: 'Brick',
    ingredients: [
      { name: 'flour', kind: 'flour', percent: 90 },
      { name: 'salt', kind: 'salt', percent: 0 },
      { name: 'salt', kind: 'salt', percent: 2 },
    ],
  } as const;
  assert.deepEqual(problemsOf(faulty), [
    'Brick: the flours add up to 90 %, not to 100 %.',
    'Brick: salt needs a share above 0 %, not 0 %.',
    'Brick: salt is listed more than once.',
  ]);
});
