import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '@nx-wave/schemas/plain';
import { packFolder, unpackArchive } from '../../packages/wave-plugin/src/edges/shared-store/archive';
import { filesBelow, forge, forgeries, readManifest, replaceFile, type Kind } from './tamper';
import {
  believedAtOnce,
  changesOf,
  counted,
  durable,
  jsonMeaning,
  never,
  presentKeys,
  served,
  type Place,
  type Trial,
} from './trial';
import type { ForgedWorld } from './world';

/** `<folder>/v1`, `v2`, …: the newest version is the object. */
function objectFile(folder: string): string {
  const numbers = readdirSync(folder).flatMap((name) => /^v(\d+)$/.exec(name)?.[1] ?? []);
  return join(folder, `v${Math.max(...numbers.map(Number))}`);
}

interface StoredArchive {
  digest: string;
  file: string;
  claim: string;
  agent: string;
  workKey: string;
}

/** The bundles of the shared store that claims of today name. */
async function storedArchives({ shared, tree }: ForgedWorld): Promise<StoredArchive[]> {
  const found: StoredArchive[] = [];
  for (const workKey of readdirSync(join(shared, 'claims'))) {
    const claim = objectFile(join(shared, 'claims', workKey));
    const { proofs } = JSON.parse(readFileSync(claim, 'utf8')) as { proofs: string[] };
    for (const digest of proofs) {
      const file = objectFile(join(shared, 'bundles', digest));
      const agent = await inArchive(
        dirname(tree.root),
        file,
        (folder) => readManifest(folder).predicate.agentId,
      );
      found.push({ digest, file, claim, agent, workKey });
    }
  }
  return found;
}

/** An archive laid out in a folder for a moment. */
async function inArchive<T>(
  beside: string,
  file: string,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(beside, 'archive-'));
  try {
    const folder = join(home, 'bundle');
    const unpacked = await unpackArchive(readFileSync(file), folder);
    if (!unpacked.ok) throw new Error(unpacked.error.message);
    return await use(folder);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Changes what is in an archive, packs it again, and lets the claim name it: all digests fit. */
async function repack(
  { shared, tree }: ForgedWorld,
  { file, claim, digest }: StoredArchive,
  change: (folder: string) => void,
): Promise<void> {
  await inArchive(dirname(tree.root), file, async (folder) => {
    change(folder);
    const packed = await packFolder(folder);
    if (!packed.ok) throw new Error(packed.error.message);
    const now = sha256(packed.value);
    const place = join(shared, 'bundles', now);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'v1'), packed.value);
    writeFileSync(claim, readFileSync(claim, 'utf8').replaceAll(digest, now));
  });
}

/** What is done to one file of an archive. */
const insideArchives: readonly [Kind, (bytes: Buffer) => Buffer][] = [
  [
    'flipped',
    (bytes) => {
      const at = bytes.length >> 1;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.length === 0 ? Buffer.from('x') : bytes;
    },
  ],
  ['truncated or removed', (bytes) => (bytes.length === 0 ? Buffer.from('x') : bytes.subarray(0, -1))],
];

export async function archiveTrials(
  world: ForgedWorld,
  resealed?: (folder: string) => void,
): Promise<Trial[]> {
  const archives = await storedArchives(world);
  const present = presentKeys(world);
  const targets = archives.filter(({ workKey }) => present.has(workKey));
  const beside = dirname(world.root);
  const trials: Trial[] = [];
  for (const target of targets) {
    const { agent, file, claim, digest } = target;
    const isUsed = counted(agent);
    const same = archives.filter((one) => one !== target).map((one) => one.file);
    trials.push(...changesOf(file, same, { what: `archive of ${agent}`, agent, isUsed }));
    // Claims have no digest: whoever writes there can claim and free. No work comes in by that.
    trials.push(
      ...changesOf(claim, [], { what: `claim of ${agent}`, agent, isUsed: never, means: jsonMeaning }),
    );
    for (const other of archives.filter((one) => one !== target))
      trials.push({
        ...{
          kind: 'swapped or replayed',
          what: `the claim of ${agent} names another work of ${other.agent}`,
        },
        ...{ agent, honest: false, isUsed },
        act: () => writeFileSync(claim, readFileSync(claim, 'utf8').replaceAll(digest, other.digest)),
      });
    const inside = await inArchive(beside, file, (folder) =>
      filesBelow(folder).map((path) => path.slice(folder.length + 1)),
    );
    for (const name of inside.filter((one) => one !== 'manifest.json' && !one.endsWith('.sig')))
      for (const [kind, change] of insideArchives)
        trials.push({
          ...{ kind, what: `${name} in the archive of ${agent}, whose digest fits`, agent },
          ...{ honest: false, isUsed },
          act: () =>
            repack(world, target, (folder) => {
              const path = join(folder, name);
              replaceFile(path, change(readFileSync(path)));
            }),
        });
    const manifest = await inArchive(beside, file, (folder) => readManifest(folder).predicate);
    if (manifest.role !== 'implementation') continue;
    const stranger = archives.find((one) => one.agent !== agent);
    if (stranger === undefined) continue;
    const other = await inArchive(beside, stranger.file, (folder) => readManifest(folder).predicate);
    for (const forgery of forgeries)
      trials.push({
        ...{ kind: forgery.shows ? 'forged, digests right' : 'forged, honest by every rule', agent },
        ...{ what: `${forgery.name}: archive of ${agent}`, honest: !forgery.shows },
        act: () =>
          repack(world, target, (folder) => {
            forge(folder, forgery, other);
            resealed?.(folder);
          }),
        isUsed: forgery.shows ? never : believedAtOnce(agent),
      });
  }
  return trials;
}

export const sharedStore: Place = {
  name: 'shared store',
  doors: ['launch'],
  alone: (world) => [durable(world), join(world.root, '.tmp')],
  isRead: served,
  trials: (world) => archiveTrials(world),
};
