import { randomUUID } from 'node:crypto';
import * as fs from '../files/at-once';
import { basename, join } from 'node:path';
import { proofManifestSchema, type BundlePredicate } from '@nx-wave/schemas';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { parseJson } from '../../core/parse-json';
import {
  originMark,
  originOfMark,
  traceSource,
  verifiedWork,
  type ProofOrigin,
  type ProofSource,
  type StoredStep,
} from '../../core/verify/proof-source';
import { copyFolder, moveIntoPlace } from '../files/copy-folder';
import { namesIn } from '../files/list-folder';
import { readText } from '../files/read-file';
import { removePath } from '../files/remove';
import { lstatReachable } from '../files/stat';
import { writeDurable } from '../files/write-file';
import { bundleInvalid, readBundle, type Bundle } from './bundle';
import type { RunnerNotes } from './runner-notes';

/** A stored bundle, and who made it. */
export interface StoredBundle extends Bundle {
  /** Came from a cache or another machine and has not been proved here. */
  foreign: boolean;
  /** Where it came from: `foreign` in one word. */
  origin: ProofOrigin;
}

/** A bundle as one of this origin. */
export const ofOrigin = (bundle: Bundle, origin: ProofOrigin): StoredBundle => ({
  ...bundle,
  origin,
  foreign: origin !== 'this-machine',
});

/** A proof whose source is asked. `origin`: where it is known already, of a bundle that may stand in another store. */
export interface NamedProof {
  proofDigest: string;
  predicate: BundlePredicate;
  origin?: ProofOrigin;
}

/** Durable proofs by content, each noted where `notes` are given: `<root>/<2>/<work key>/<proof digest>/`. A bundle there is never changed. */
export interface ProofFolder {
  /** Absolute folder. */
  root: string;
  /** Every intact proven bundle of a work key, sorted by digest; broken ones are reported, not thrown. */
  find(workKey: string): Promise<{ bundles: StoredBundle[]; problems: Failure[] }>;
  /** Copies a bundle in, checked after the copy. One that stands there broken is replaced. */
  put(bundle: Bundle, origin: ProofOrigin): Promise<Result<void>>;
  /** Where a bundle, and the work that it may have verified again, comes from. */
  sourceOf(proof: NamedProof): Promise<ProofSource>;
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
          problems.push({ ...misplaced(join(folder, name)), severity: 'warning' });
        else if (bundle.value.manifest.predicate.state === 'owned_slice_proven') {
          const marked = names.includes(markOf(name));
          bundles.push(ofOrigin(bundle.value, marked ? await originOf(join(folder, name)) : 'this-machine'));
        }
      }
      return { bundles, problems };
    },
    async put(bundle, origin) {
      const folder = folderOf(bundle.manifest.predicate.workKey);
      const target = join(folder, bundle.proofDigest);
      const known = await readBundle(target);
      if (known.ok && known.value.proofDigest === bundle.proofDigest) {
        if (origin === 'this-machine') await fs.rm(markOf(target), { force: true });
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
      if (origin !== 'this-machine') {
        const marked = await writeDurable(markOf(target), originMark(origin));
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
    async sourceOf({ proofDigest, predicate, origin }) {
      const folder = folderOf(predicate.workKey);
      const first = origin ?? (await originOf(join(folder, proofDigest)));
      return traceSource({ origin: first, verified: verifiedWork(predicate) }, (digest) =>
        readStep(join(folder, digest)),
      );
    },
    has: (workKey, proofDigest) => stands(join(folderOf(workKey), proofDigest)),
  };
}

/** Whole, and not the one that belongs there: its manifest was changed, or it was put there from elsewhere. */
const misplaced = (folder: string) => bundleInvalid(folder, 'it is not the one that its folder is named for');

/** Stands beside a bundle that this store did not make itself, and says where it came from. */
const markOf = (bundleFolder: string) => `${bundleFolder}.foreign`;

const originOf = async (bundleFolder: string): Promise<ProofOrigin> =>
  originOfMark(await readText(markOf(bundleFolder)));

/** What is stored of a bundle, as far as its source is asked; told to people, so that its other files are not read. */
async function readStep(bundleFolder: string): Promise<StoredStep | null> {
  if (!digestName.test(basename(bundleFolder))) return null;
  const text = await readText(join(bundleFolder, 'manifest.json'));
  const parsed = proofManifestSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  return { origin: await originOf(bundleFolder), verified: verifiedWork(parsed.data.predicate) };
}

/** Takes a folder out of sight in one step, then removes it. */
async function discard(folder: string, aside: string): Promise<void> {
  await fs.rename(folder, aside).catch(() => undefined);
  await removePath(aside);
}
