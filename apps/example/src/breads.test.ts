import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryLoaf, focaccia } from './breads';
import { problemsOf } from './formula';

test('keeps only sound formulas', () => {
  assert.deepEqual([countryLoaf, focaccia].flatMap(problemsOf), []);
});
