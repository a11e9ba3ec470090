import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutesOf } from './clock';

test('counts minutes from midnight', () => {
  assert.equal(minutesOf('0:00'), 0);
  assert.equal(minutesOf('07:30'), 450);
  assert.equal(minutesOf('23:59'), 1439);
});

test('refuses what is not a time of day', () => {
  for (const text of ['24:00', '7:60', 'noon', '7', '']) assert.equal(minutesOf(text), null, text);
});
