import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { currentOwner } from '../lease/owner';
import { isLeftByName, ownedPath, removeOwned, sweepOwned, writeOwner } from './folder-owner';
import { sweepStale } from './stale-folders';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'folder-owner-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The name that a process which has ended would have given. */
function leftPath(): string {
  const pid = spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString().trim();
  return join(dir, basename(ownedPath(dir)).replace(`-${process.pid}-`, `-${pid}-`));
}

it('a folder has its note as soon as it has its name, and keeps what stands in it', async () => {
  const folder = join(dir, 'above', 'folder');
  await writeOwner(folder);
  expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toEqual(currentOwner());
  writeFileSync(join(folder, 'work'), '');
  await writeOwner(folder, { ...currentOwner(), pid: 1 });
  expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toMatchObject({ pid: 1 });
  expect(readdirSync(folder).sort()).toEqual(['owner.json', 'work']);
  expect(readdirSync(join(dir, 'above'))).toEqual(['folder']);
});

it('a folder that is removed leaves nothing, and one that is not there is none', async () => {
  mkdirSync(join(dir, 'folder/deep'), { recursive: true });
  await removeOwned(join(dir, 'folder'));
  await removeOwned(join(dir, 'folder'));
  expect(readdirSync(dir)).toEqual([]);
});

describe('a name that tells its process', () => {
  it('is left when that has ended on this machine, and never before', () => {
    expect(isLeftByName(ownedPath(dir))).toBe(false);
    expect(isLeftByName(leftPath())).toBe(true);
    expect(isLeftByName(leftPath().replace(/-[0-9a-f]{12}-/, '-000000000000-'))).toBe(false);
    expect(isLeftByName(join(dir, 'folder'))).toBe(false);
  });

  it.each([
    ['the sweep of a landing', () => sweepOwned(dir)],
    ['the sweep of the scratch root', () => sweepStale(dir)],
  ])('of an ended process goes with %s, that of a living one stays', async (_, sweep) => {
    const [left, lives] = [leftPath(), ownedPath(dir)];
    for (const folder of [left, lives]) mkdirSync(folder);
    await sweep();
    expect([existsSync(left), existsSync(lives)]).toEqual([false, true]);
  });
});
