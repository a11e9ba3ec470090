import { randomUUID } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { copyFolder, isAbsent, moveIntoPlace, readText, writeDurable } from '../files/file-edge';
import { readBundle, type Bundle } from './bundle';

/** A stored bundle, and whether this store made it itself. */
export interface StoredBundle extends Bundle {
  /** Came from a cache or another machine and has not been proved here. */
  foreign: boolean;
}

/** Durable proofs by content: `<root>/<2>/<work key>/<proof digest>/`. A bundle there is never changed. */
export interface ProofStore {
  /** Absolute folder. */
  root: string;
  /** Every intact proven bundle of a work key, sorted by digest; broken ones are reported, not thrown. */
  find(workKey: string): Promise<{ bundles: StoredBundle[]; problems: Failure[] }>;
  put(bundle: Bundle, origin: 'own' | 'foreign'): Promise<Result<void>>;
  has(workKey: string, proofDigest: string): Promise<boolean>;
}

const digestName = /^[0-9a-f]{64}$/;

export function openProofStore(root: string): ProofStore {
  const folderOf = (workKey: string) => join(root, workKey.slice(0, 2), workKey);
  const exists = async (path: string) => (await readText(path)) !== null;
  return {
    root,
    async find(workKey) {
      const folder = folderOf(workKey);
      const names = await readNames(folder);
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
      if (await exists(join(target, 'manifest.json'))) {
        if (origin === 'own') await fs.rm(`${target}.foreign`, { force: true });
        return ok(undefined);
      }
      const draft = join(root, '.drafts', randomUUID());
      const copied = await copyFolder(bundle.folder, draft);
      if (!copied.ok) return copied;
      if (origin === 'foreign') {
        const marked = await writeDurable(`${target}.foreign`, '');
        if (!marked.ok) return marked;
      }
      return moveIntoPlace(draft, target);
    },
    has: (workKey, proofDigest) => exists(join(folderOf(workKey), proofDigest, 'manifest.json')),
  };
}

async function readNames(folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
