import type { Artifact, FileChange } from '@nx-wave/schemas';
import type { Failure, Result } from '@nx-wave/schemas/plain';

/** The user's repository, opened and checked. Nothing in here ever writes to it. */
export interface Repository {
  workspaceRoot: string;
  /** Top folder of the working tree; the workspace may be a folder below it. */
  topLevel: string;
  /** Workspace relative to `topLevel`, with a trailing `/`, or empty. */
  prefix: string;
  gitDir: string;
  commonDir: string;
  gitVersion: string;
}

/** A tree of the user's working state, in a private object directory. */
export interface Snapshot {
  commit: string;
  tree: string;
  /** Private object directory that holds what the repository itself does not. */
  objectDir: string;
  /** Index file that belongs to `tree`. */
  indexFile: string;
  warnings: Failure[];
}

/** A set of changes with the objects that they need: everything to apply them anywhere. */
export interface SliceObjects {
  changes: FileChange[];
  /** A pack with every pre- and post-image blob of `changes`; null when there is none. */
  packFile: string | null;
}

/** A private checkout outside the workspace. All paths absolute. */
export interface Checkout {
  /** Folder that holds everything below; removed by `removeCheckout`. */
  home: string;
  /** Top folder of the checked-out repository. */
  root: string;
  /** The workspace inside it: the agent's working directory. */
  workspaceDir: string;
  /** TMPDIR of the agent. */
  tmpDir: string;
  /** Generated settings, schema, prompt; outside the tree. */
  scratchDir: string;
  /** Runner-owned git state that the agent is not told about. */
  runnerGitDir: string;
  baseTree: string;
  /** Variables for processes in the checkout: GIT_CEILING_DIRECTORIES, GIT_CONFIG_GLOBAL, TMPDIR, PATH head… */
  env: Record<string, string>;
}

export interface Collected extends SliceObjects {
  /** `git diff --binary --full-index --no-renames`, for people. */
  patch: Uint8Array;
  /** Owned ignored files below the state root, with their bytes still in the checkout. */
  artifacts: Artifact[];
  /** The tree after the agent: base plus changes. */
  tree: string;
}

export interface MergeConflict {
  /** The slice that did not apply on what was merged before it. */
  sliceId: string;
  /** Slices merged before that changed the same paths; empty when the base itself conflicts. */
  againstIds: string[];
  paths: string[];
}

/** What merging a list of slices gives. Object ids live in `objectDir`. */
export type Merged = { ok: true; tree: string; objectDir: string } | { ok: false; conflict: MergeConflict };

/**
 * The git edge. Implemented in this folder with the git CLI (no shell), never with the user's index, refs, stash,
 * config or hooks.
 */
export interface GitEdge {
  /** Codes: git-missing, git-too-old, not-a-repository, no-commits. */
  openRepository(workspaceRoot: string): Promise<Result<Repository>>;
  /** `worktree`: with uncommitted and untracked files; `head`: the checked-out commit. Codes: unmerged-index, disk-full, git-failed. */
  snapshot(repo: Repository, mode: 'worktree' | 'head', into: string): Promise<Result<Snapshot>>;
  /** Merges slices onto a tree, in order, 3-way per path, in a quarantine object directory. */
  mergeSlices(
    repo: Repository,
    base: { tree: string; objectDir: string },
    slices: (SliceObjects & { sliceId: string })[],
    into: string,
  ): Promise<Result<Merged>>;
  /** Codes: checkout-failed, disk-full, workspace-setup-failed. */
  createCheckout(
    repo: Repository,
    base: { tree: string; objectDir: string; indexFile: string | null; parentCommit: string | null },
    home: string,
  ): Promise<Result<Checkout>>;
  /** Everything that differs from the base, seen with runner-owned git state. Codes: collect-failed, nested-repository, special-file. */
  collect(
    checkout: Checkout,
    options: { artifactPaths: string[]; packFile: string },
  ): Promise<Result<Collected>>;
  /** Cleans the checkout in place to exactly `tree`: no untracked, no ignored file, fresh `.git`, links re-made. */
  resetTo(checkout: Checkout, tree: string): Promise<Result<void>>;
  /** The patch between two trees, and the changed paths. */
  diffTrees(
    repo: Repository,
    objectDir: string,
    from: string,
    to: string,
  ): Promise<Result<{ changes: FileChange[]; patch: Uint8Array }>>;
  /** Writes the blobs of `changes` as one pack. */
  packObjects(
    repo: Repository,
    objectDir: string,
    changes: FileChange[],
    packFile: string,
  ): Promise<Result<void>>;
  removeCheckout(checkout: Checkout): Promise<void>;
}
