import { join } from 'node:path';
import { ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { errorCode } from '../files/io-errors';
import { bundleInvalid, type Bundle } from './bundle';
import type { ProofOrigin, ProofSource } from '../../core/verify/proof-source';
import {
  ofOrigin,
  openProofFolder,
  type NamedProof,
  type ProofFolder,
  type StoredBundle,
} from './proof-store';

/** A store that others write to as well. A folder today; whatever can find and keep bundles fits behind it. */
export interface SharedStore {
  /** What people call it. */
  name: string;
  /** Where leases of work keys are kept for all that use the store; null where it can hold none. */
  leases: string | null;
  /** Intact proven bundles of a key, each in a folder that can be read now. Never throws. */
  find(workKey: string): Promise<{ bundles: Bundle[]; problems: Failure[] }>;
  put(bundle: Bundle): Promise<Result<void>>;
}

/** The proofs of this repository, and behind them a shared store where one is configured. */
export interface ProofStore {
  /** Absolute folder of this repository's own proofs. */
  root: string;
  sharedLeases: string | null;
  /** This repository's bundles; where it has none of the key, those of the shared store, all of them foreign. */
  find(workKey: string): Promise<{ bundles: StoredBundle[]; problems: Failure[] }>;
  /** Copies what the shared store has of a key here, as foreign. Gives what could not be used. */
  fetch(workKey: string): Promise<Failure[]>;
  /** Keeps a bundle here, and its own in the shared store too. Only this repository's store can make it fail. */
  put(bundle: Bundle, origin: ProofOrigin): Promise<Result<{ warnings: Failure[] }>>;
  /** Where a bundle, and the work that it may have verified again, comes from. */
  sourceOf(proof: NamedProof): Promise<ProofSource>;
  has(workKey: string, proofDigest: string): Promise<boolean>;
  /** Notes that a bundle was of use, for whoever prunes by age. */
  markUsed(bundle: Bundle, at: Date): Promise<void>;
}

/** A folder that several clones or machines share. */
export function openSharedFolder(root: string): SharedStore {
  const folder = openProofFolder(root);
  /** A share can be gone, or not ours to read: that is a miss with a reason. */
  const guarded = async <T>(work: () => Promise<T>, otherwise: (problem: Failure) => T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      return otherwise({
        ...bundleInvalid(root, `the store cannot be reached (${code})`),
        severity: 'warning',
      });
    }
  };
  return {
    name: root,
    leases: join(root, '.leases'),
    find: (workKey) =>
      guarded(
        () => folder.find(workKey),
        (problem) => ({ bundles: [], problems: [problem] }),
      ),
    put: (bundle) =>
      guarded<Result<void>>(
        async () => {
          // Every clone proves again what it gets: one bundle of the same result is enough for all.
          const { workKey, acceptanceKey, resultDigest } = bundle.manifest.predicate;
          const same = (await folder.find(workKey)).bundles.some(
            ({ manifest: { predicate } }) =>
              predicate.acceptanceKey === acceptanceKey && predicate.resultDigest === resultDigest,
          );
          return same ? ok(undefined) : folder.put(bundle, 'this-machine');
        },
        (problem) => ({ ok: false, error: problem }),
      ),
  };
}

export function layerStores(own: ProofFolder, shared: SharedStore | null): ProofStore {
  return {
    root: own.root,
    sharedLeases: shared?.leases ?? null,
    async find(workKey) {
      const here = await own.find(workKey);
      if (here.bundles.length > 0 || shared === null) return here;
      const there = await shared.find(workKey);
      return {
        bundles: there.bundles.map((bundle) => ofOrigin(bundle, 'shared-store')),
        problems: [...here.problems, ...there.problems],
      };
    },
    async fetch(workKey) {
      if (shared === null) return [];
      const { bundles, problems } = await shared.find(workKey);
      for (const bundle of bundles) {
        const put = await own.put(bundle, 'shared-store');
        if (!put.ok) problems.push({ ...put.error, severity: 'warning' });
      }
      return problems;
    },
    async put(bundle, origin) {
      const kept = await own.put(bundle, origin);
      if (!kept.ok) return kept;
      const offered = shared === null || origin !== 'this-machine' ? ok(undefined) : await shared.put(bundle);
      return ok({ warnings: offered.ok ? [] : [{ ...offered.error, severity: 'warning' }] });
    },
    markUsed: (bundle, at) => own.markUsed(bundle, at),
    sourceOf: (proof) => own.sourceOf(proof),
    has: (workKey, proofDigest) => own.has(workKey, proofDigest),
  };
}
