import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryLoaf } from './breads';
import { doughGrams, weighOut } from './weights';

test('weighs every ingredient against the flour', () => {
  assert.deepEqual(weighOut(countryLoaf, 1000), [
    { name: 'bread flour', grams: 850 },
    { name: 'whole rye flour', grams: 150 },
    { name: 'water', grams: 700 },
    { name: 'sourdough', grams: 200 },
    { name: 'salt', grams: 20 },
  ]);
});

test('adds up what is in the bowl', () => {
  assert.equal(doughGrams(weighOut(countryLoaf, 1000)), 1920);
  assert.equal(doughGrams([]), 0);
});
