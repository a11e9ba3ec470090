import { buildStrength } from '../../testing/resolved';
import { isLoweredUnsaid } from './lowered';

it.each([
  ['less without a reason', { level: 'exit', usual: 'checked' }, true],
  ['less with a reason', { level: 'exit', usual: 'checked', reason: 'documents alone' }, false],
  ['as much', { level: 'checked', usual: 'checked' }, false],
  ['more', { level: 'strict', usual: 'counted' }, false],
] as const)('a level that asks for %s is told: %#', (_what, given, expected) => {
  expect(isLoweredUnsaid(buildStrength(given))).toBe(expected);
});
