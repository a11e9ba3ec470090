import { canonicalJson } from '@nx-wave/schemas/plain';
import { parseProve, printProve, type ProveRecord } from './prove-record';

const record: ProveRecord = {
  schemaVersion: 1,
  wave: 'wave-3',
  ok: true,
  upstream: 'a'.repeat(64),
  tree: '1'.repeat(40),
  baseTree: '2'.repeat(40),
  changes: [{ path: 'src/a.txt', before: null, after: { mode: '100644', oid: '3'.repeat(40) } }],
  patchSha256: 'b'.repeat(64),
  commands: [{ command: 'npm test', outcome: 'passed', exitCode: 0 }],
  reasons: [],
};
const text = printProve(record);

it('the record of prove is read as it was written, and so is one of an earlier version', () => {
  expect(parseProve(text)).toEqual(record);
  expect(parseProve(canonicalJson(record))).toEqual(record);
});

it.each([
  ['is not there', null],
  ['is cut short', text.slice(0, -9)],
  ['names another path', text.replace('src/a.txt', 'src/b.txt')],
  ['names another tree', text.replace('1'.repeat(40), '4'.repeat(40))],
  ['says that a red wave is green', printProve({ ...record, ok: false }).replace('"ok":false', '"ok":true')],
])('a record of prove that %s says nothing', (_what, stored) => {
  expect(parseProve(stored)).toBeNull();
});
