import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@nx-wave/schemas/plain';
import type { NamedSlice } from '../../edges/git/contracts';
import { sharePack, withSharedPack } from './shared-packs';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nx-wave-packs-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A run folder, claimed or not, with a pack and an index beside it. */
function layOut({ claimed = true } = {}) {
  const run = join(dir, 'run');
  mkdirSync(run);
  if (claimed) writeFileSync(join(run, 'owner.json'), '{}');
  const packFile = join(dir, 'objects.pack');
  writeFileSync(packFile, 'pack');
  writeFileSync(join(dir, 'slice.idx'), 'index');
  const index = { file: join(dir, 'slice.idx'), sha256: sha256('index') };
  return { run, packFile, index, slice: { sliceId: 'A1', changes: [], packFile } };
}

it('a pack is found by its bytes, as an object directory of its own', async () => {
  const { run, packFile, index, slice } = layOut();
  await sharePack(run, { packFile, index });
  const found: NamedSlice = await withSharedPack(run, slice);
  expect(readdirSync(join(found.objectDir ?? '', 'pack')).map((name) => name.slice(-4))).toEqual([
    '.idx',
    'pack',
  ]);
  writeFileSync(packFile, 'other');
  expect(await withSharedPack(run, slice)).toEqual(slice);
});

it('an index that is not the one that git wrote is not shared, nor a pack in a folder that nobody claimed', async () => {
  const { run, packFile, index, slice } = layOut();
  writeFileSync(index.file, 'changed by a program in the checkout');
  await sharePack(run, { packFile, index });
  expect(await withSharedPack(run, slice)).toEqual(slice);
  rmSync(run, { recursive: true });
  rmSync(packFile);
  const other = layOut({ claimed: false });
  await sharePack(other.run, other);
  expect(readdirSync(other.run)).toEqual([]);
});
