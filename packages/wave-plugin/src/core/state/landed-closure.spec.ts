import type { FileChange } from '@nx-wave/schemas';
import { classifyLanded } from './landed-closure';

const oid = (digit: string) => digit.repeat(40);
const file = (digit: string) => ({ mode: '100644', oid: oid(digit) });
const changes: FileChange[] = [
  { path: 'added.ts', before: null, after: file('a') },
  { path: 'changed.ts', before: file('b'), after: file('c') },
  { path: 'removed.ts', before: file('d'), after: null },
];

describe('classifyLanded', () => {
  it.each([
    [
      'is complete while every path is as it landed',
      { 'added.ts': file('a'), 'changed.ts': file('c') },
      { state: 'completed' },
    ],
    [
      'names the paths that have changed since',
      { 'added.ts': file('a'), 'changed.ts': file('e') },
      { state: 'completed_with_drift', paths: ['changed.ts'] },
    ],
    [
      'calls a half reverted landing drift, not a revert',
      { 'changed.ts': file('b') },
      { state: 'completed_with_drift', paths: ['added.ts', 'changed.ts'] },
    ],
    [
      'sees that the whole landing was taken back',
      { 'changed.ts': file('b'), 'removed.ts': file('d') },
      { state: 'reverted' },
    ],
    [
      'sees a changed mode',
      { 'added.ts': { mode: '100755', oid: oid('a') }, 'changed.ts': file('c') },
      { state: 'completed_with_drift', paths: ['added.ts'] },
    ],
  ])('%s', (_title, present, expected) => {
    expect(classifyLanded(changes, present)).toEqual(expected);
  });
});
