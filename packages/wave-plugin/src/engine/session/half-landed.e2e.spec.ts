// Tests engine/session/session.ts: what a killed landing has put into the tree is no state that anything is read from.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@nx-wave/schemas/plain';
import { currentOwner } from '../../edges/lease/owner';
import { createWaveRig, type WaveRig } from '../../testing/rig';

const entryPath = 'docs/plans/waves/wave-1.ledger/01ARZ3NDEKTSV4RRFFQ69G5FAV-wave.landed.json';
const entry = JSON.stringify({
  schemaVersion: 1,
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  wave: 'wave-1',
  recordedAt: '2030-01-01T00:00:00Z',
  by: 'Ada',
  reason: 'landed',
  type: 'wave.landed',
  closureDigest: sha256(''),
  changes: [],
  agents: [],
});

/** The ledger entry is in place, the file of the agent is not. */
function leaveHalfALanding(rig: WaveRig, pid: number): void {
  const folder = join(rig.root, '.git/nx-wave/landing');
  const payload = join(folder, 'payload');
  mkdirSync(join(payload, 'new/src'), { recursive: true });
  mkdirSync(join(payload, 'old'));
  rig.write(entryPath, entry);
  writeFileSync(join(payload, 'new/src/A1.txt'), 'made by A1\n');
  const owner = { ...currentOwner(), pid };
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
  const files = [
    { path: entryPath, before: false, after: sha256(entry) },
    { path: 'src/A1.txt', before: false, after: sha256('made by A1\n') },
  ];
  const journal = { owner, root: rig.root, payload, files, madeFolders: [], commit: null, locksIndex: false };
  writeFileSync(join(folder, 'journal.json'), JSON.stringify(journal));
}

it('half a landing of a process that has ended is taken back before the ledger is read', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
  leaveHalfALanding(rig, Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString()));
  expect(await rig.session()).toMatchObject({ ok: true, value: { ledger: [] } });
  expect(existsSync(join(rig.root, entryPath))).toBe(false);
});

it('a landing that is under way stops nobody who only reads', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
  leaveHalfALanding(rig, process.pid);
  expect(await rig.session()).toMatchObject({ ok: true });
  expect(existsSync(join(rig.root, entryPath))).toBe(true);
});

it('half a landing whose files somebody changed since stops every command, and says where the replaced files are', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
  leaveHalfALanding(rig, Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString()));
  rig.write(entryPath, 'changed');
  expect(await rig.session()).toMatchObject({ ok: false, error: [{ code: 'landing-failed' }] });
});
