import type { ProofCommandResult } from '@nx-wave/schemas';
import { printTreeMemo, readTreeMemo } from './tree-memo';

const key = 'a'.repeat(64);
const passed = (command: string): ProofCommandResult => ({
  command,
  exitCode: 0,
  outcome: 'passed',
  durationMs: 1,
  tail: '',
});
const memo = {
  results: [passed('npm test'), passed('npm run lint')],
  heldOut: [{ name: 'hidden', passed: true }],
};
const asked = { key, commands: ['npm run lint', 'npm test'], heldOut: 1 };
const text = printTreeMemo(memo, key);

it('what was kept of a merged tree is read as it was', () => {
  expect(readTreeMemo(text, asked)).toEqual(memo);
});

it('what an earlier version has kept is read, too', () => {
  expect(
    readTreeMemo(JSON.stringify({ results: [passed('npm test')] }), {
      key,
      commands: ['npm test'],
      heldOut: 0,
    }),
  ).toEqual({
    results: [passed('npm test')],
    heldOut: [],
  });
});

it.each([
  ['is not there', null, asked],
  ['is cut short', text.slice(0, -9), asked],
  ['was made for another tree', printTreeMemo(memo, 'b'.repeat(64)), asked],
  ['was changed since', text.replace('"durationMs":1', '"durationMs":2'), asked],
  ['names another held-out check', text.replace('"name":"hidden"', '"name":"other"'), asked],
  ['names fewer commands than there are', text, { ...asked, commands: ['npm test'] }],
  ['names other commands', text, { ...asked, commands: ['npm test', 'npm run build'] }],
  ['names fewer held-out checks than there are', text, { ...asked, heldOut: 2 }],
  [
    'says that a command was red',
    printTreeMemo(
      { ...memo, results: [{ ...passed('npm test'), outcome: 'failed' }, passed('npm run lint')] },
      key,
    ),
    asked,
  ],
  [
    'says that a held-out check was red',
    printTreeMemo({ ...memo, heldOut: [{ name: 'hidden', passed: false }] }, key),
    asked,
  ],
  ['is of an earlier version and proves nothing', '{"results":[]}', asked],
])('a record of a merged tree that %s says nothing of it', (_what, stored, of) => {
  expect(readTreeMemo(stored, of)).toBeNull();
});
