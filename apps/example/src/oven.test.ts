import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bakeMinutes } from './oven';

test('bakes a heavier loaf longer', () => {
  assert.equal(bakeMinutes(90), 18);
  assert.equal(bakeMinutes(450), 30);
  assert.equal(bakeMinutes(900), 45);
});
