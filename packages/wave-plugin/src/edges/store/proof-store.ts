import { randomUUID } from 'node:crypto';
import * as fs from '../files/at-once';
import { join } from 'node:path';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { copyFolder, moveIntoPlace } from '../files/copy-folder';
import { namesIn } from '../files/list-folder';
import { readText } from '../files/read-file';
import { removePath } from '../files/remove';
import { lstatReachable } from '../files/stat';
import { writeDurable } from '../files/write-file';
import { readBundle, type Bundle } from './bundle';
import type { RunnerNotes } from './runner-notes';

/** A stored bundle, and whether this store made it itself. */
export interface StoredBundle extends Bundle {
  /** Came from a cache or another machine and has not been proved here. */
  foreign: boolean;
}

/** Durable proofs by content, each noted where `notes` are given: `<root>/<2>/<work key>/<proof digest>/`. A bundle there is never changed. */
export interface ProofFolder {
  /** Absolute folder. */
  root: string;
  /** Every intact proven bundle of a work key, sorted by digest; broken ones are reported, not thrown. */
  find(workKey: string): Promise<{ bundles: StoredBundle[]; problems: Failure[] }>;
  /** Copies a bundle in, checked after the copy. One that stands there broken is replaced. */
  put(bundle: Bundle, origin: 'own' | 'foreign'): Promise<Result<void>>;
  has(workKey: string, proofDigest: string): Promise<boolean>;
  /** Notes that a bundle was of use, for whoever prunes by age. */
  markUsed(bundle: Bundle, at: Date): Promise<void>;
}

const digestName = /^[0-9a-f]{64}$/;

/** Where a key's bundles stand below the root of a store. */
export const keyFolder = (root: string, workKey: string) => join(root, workKey.slice(0, 2), workKey);

export function openProofFolder(root: string, notes?: Pick<RunnerNotes, 'note'>): ProofFolder {
  const folderOf = (workKey: string) => keyFolder(root, workKey);
  const stands = async (path: string) => (await readText(join(path, 'manifest.json'))) !== null;
  return {
    root,
    async find(workKey) {
      const folder = folderOf(workKey);
      const names = await namesIn(folder);
      const bundles: StoredBundle[] = [];
      const problems: Failure[] = [];
      for (const name of names.filter((one) => digestName.test(one))) {
        const bundle = await readBundle(join(folder, name));
        if (!bundle.ok) problems.push({ ...bundle.error, severity: 'warning' });
        else if (bundle.value.proofDigest !== name || bundle.value.manifest.predicate.workKey !== workKey)
          continue;
        else if (bundle.value.manifest.predicate.state === 'owned_slice_proven') {
          bundles.push({ ...bundle.value, foreign: names.includes(`${name}.foreign`) });
        }
      }
      return { bundles, problems };
    },
    async put(bundle, origin) {
      const folder = folderOf(bundle.manifest.predicate.workKey);
      const target = join(folder, bundle.proofDigest);
      const known = await readBundle(target);
      if (known.ok && known.value.proofDigest === bundle.proofDigest) {
        if (origin === 'own') await fs.rm(`${target}.foreign`, { force: true });
        return ok(undefined);
      }
      const broken = (await lstatReachable(target)) !== null;
      const draft = join(root, '.drafts', randomUUID());
      const copied = await copyFolder(bundle.folder, draft);
      if (!copied.ok) return copied;
      // What was checked is not what was copied if somebody wrote to it meanwhile.
      const checked = await readBundle(draft);
      if (!checked.ok || checked.value.proofDigest !== bundle.proofDigest) {
        await removePath(draft);
        return checked.ok ? ok(undefined) : err(checked.error);
      }
      if (origin === 'foreign') {
        const marked = await writeDurable(`${target}.foreign`, '');
        if (!marked.ok) return marked;
      }
      // It would keep a good bundle from being found for ever.
      notes?.note(join(target, 'manifest.json'), (await readText(join(draft, 'manifest.json'))) ?? '');
      if (broken) await discard(target, join(root, '.drafts', randomUUID()));
      return moveIntoPlace(draft, target);
    },
    async markUsed(bundle, at) {
      if (bundle.folder.startsWith(root)) await fs.utimes(bundle.folder, at, at).catch(() => undefined);
    },
    has: (workKey, proofDigest) => stands(join(folderOf(workKey), proofDigest)),
  };
}

/** Takes a folder out of sight in one step, then removes it. */
async function discard(folder: string, aside: string): Promise<void> {
  await fs.rename(folder, aside).catch(() => undefined);
  await removePath(aside);
}
