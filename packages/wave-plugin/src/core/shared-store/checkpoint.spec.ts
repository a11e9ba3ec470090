import type { Checkpoint } from '@nx-wave/schemas';
import { belongsInCheckpoint, isNewerThan, refusalOfCheckpoint, type CheckpointAsk } from './checkpoint';

const key = 'a'.repeat(64);
const oid = 'b'.repeat(40);
const file = (path: string, mode = '100644') => ({ path, before: null, after: { mode, oid } });
const checkpoint: Checkpoint = {
  schemaVersion: 1,
  wave: 'wave-1',
  agentId: 'A1',
  workKey: key,
  specDigest: 'c'.repeat(64),
  run: 'run-7',
  token: 'token-1',
  continuedFrom: null,
  changes: [file('src/a1/half.ts')],
  artifacts: [],
};
const ask: CheckpointAsk = {
  workKey: key,
  specDigest: 'c'.repeat(64),
  run: 'run-7',
  trust: 'reprove',
  isSigned: false,
  owned: ['src/a1/', '.tmp/a1/'],
  places: { stateRoots: ['.tmp'] },
};

it('an agent goes on from a checkpoint of the same work, spec and run', () => {
  expect(refusalOfCheckpoint(checkpoint, ask)).toBeNull();
});

it.each<[string, Partial<Checkpoint>, Partial<CheckpointAsk>, RegExp]>([
  ['other work', { workKey: 'd'.repeat(64) }, {}, /other work/],
  ['another spec', { specDigest: 'd'.repeat(64) }, {}, /something else/],
  ['another run', { run: 'run-6' }, {}, /another run/],
  ['nobody who may sign', {}, { trust: 'signed' }, /signed/],
  ['a path of others', { changes: [file('src/a2/x.ts')] }, {}, /src\/a2\/x\.ts/],
  ['a climbing path', { changes: [file('src/a1/../../x')] }, {}, /may not have/],
  ['a link', { changes: [file('src/a1/link', '120000')] }, {}, /may not have/],
  [
    'a path of the runner',
    { changes: [file('.nx-wave/envelope.json')] },
    { owned: ['.nx-wave/'] },
    /may not/,
  ],
  ['an artifact of others', { artifacts: [{ path: '.tmp/a2/x', sha256: key, size: 1 }] }, {}, /a2/],
])('it does not go on from one of %s', (_, changed, asked, why) => {
  expect(refusalOfCheckpoint({ ...checkpoint, ...changed }, { ...ask, ...asked })).toMatch(why);
});

it.each<Partial<CheckpointAsk>>([
  { trust: 'signed', isSigned: true, run: 'run-8' },
  { trust: 'digest', run: 'run-8' },
])('another run may have made it under %j', (asked) => {
  expect(refusalOfCheckpoint(checkpoint, { ...ask, ...asked })).toBeNull();
});

it('a link that became a file is left out when one is made, as a file that became a link is', () => {
  const link = { mode: '120000', oid };
  const plain = { mode: '100755', oid };
  expect(belongsInCheckpoint({ path: 'src/a1/x', before: link, after: plain }, ask)).toBe(false);
  expect(belongsInCheckpoint({ path: 'src/a1/x', before: plain, after: null }, ask)).toBe(true);
});

it.each([
  [{ claimToken: 'token-1' }, true],
  [{ claimToken: 'token-2', continuedFrom: key }, true],
  [{ claimToken: 'token-2', continuedFrom: null }, false],
  [{}, false],
])('work of this machine that says %j is newer than the checkpoint: %s', (own, newer) => {
  expect(isNewerThan(own, checkpoint, key)).toBe(newer);
});
