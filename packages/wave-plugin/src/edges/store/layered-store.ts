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

/** Proofs that others have left, and that nothing is added to here. */
export interface EarlierProofs {
  /** Intact proven bundles of a key, each in a folder that can be read now. Never throws. */
  find(workKey: string): Promise<{ bundles: Bundle[]; problems: Failure[] }>;
}

/** The proofs of this repository, and behind them those of a shared folder that earlier versions have filled. */
export interface ProofStore {
  /** Absolute folder of this repository's own proofs. */
  root: string;
  /** This repository's bundles; where it has none of the key, those of the shared folder, all of them foreign. */
  find(workKey: string): Promise<{ bundles: StoredBundle[]; problems: Failure[] }>;
  /** Copies what the shared folder has of a key here, as foreign. Gives what could not be used. */
  fetch(workKey: string): Promise<Failure[]>;
  /** Keeps a bundle here. */
  put(bundle: Bundle, origin: ProofOrigin): Promise<Result<{ warnings: Failure[] }>>;
  /** Where a bundle, and the work that it may have verified again, comes from. */
  sourceOf(proof: NamedProof): Promise<ProofSource>;
  has(workKey: string, proofDigest: string): Promise<boolean>;
  /** Notes that a bundle was of use, for whoever prunes by age. */
  markUsed(bundle: Bundle, at: Date): Promise<void>;
}

/** Bundles as earlier versions have left them in the folder of `store.path`; whoever was first has put it there. */
export function openEarlierProofs(root: string): EarlierProofs {
  const folder = openProofFolder(root);
  return {
    /** A share can be gone, or not ours to read: that is a miss with a reason. */
    async find(workKey) {
      try {
        return await folder.find(workKey);
      } catch (error) {
        const code = errorCode(error);
        if (code === undefined) throw error;
        const problem = bundleInvalid(root, `the store cannot be reached (${code})`);
        return { bundles: [], problems: [{ ...problem, severity: 'warning' }] };
      }
    },
  };
}

export function layerStores(own: ProofFolder, shared: EarlierProofs | null): ProofStore {
  return {
    root: own.root,
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
      return kept.ok ? ok({ warnings: [] }) : kept;
    },
    markUsed: (bundle, at) => own.markUsed(bundle, at),
    sourceOf: (proof) => own.sourceOf(proof),
    has: (workKey, proofDigest) => own.has(workKey, proofDigest),
  };
}
