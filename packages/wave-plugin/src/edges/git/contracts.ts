import type { Artifact, FileChange } from '@nx-wave/schemas';
import type { Failure, Result } from '@nx-wave/schemas/plain';
import type { FolderOwner } from './folder-owner';
import type { LandRequest, Landing } from './land-contracts';
import type { SliceObjects } from './slice-objects';

/** The user's repository, opened and checked. Only a landing ever writes to it. */
export interface Repository {
  workspaceRoot: string;
  /** Top folder of the working tree; the workspace may be a folder below it. */
  topLevel: string;
  /** Workspace relative to `topLevel`, with a trailing `/`, or empty. */
  prefix: string;
  gitDir: string;
  commonDir: string;
  gitVersion: string;
  /** The commit that was checked out when it was opened. */
  head: string;
  /** The tree of that commit. */
  headTree: string;
}

/** What the user's configuration says of their working tree. */
export interface TreeSettings {
  sparse: boolean;
  /** `lfs.storage`; null where it is not set. */
  lfsStorage: string | null;
}

/** A tree of the user's working state, in a private object directory. */
export interface Snapshot {
  mode: 'worktree' | 'head';
  /** The checked-out commit, of which `commit` is a child. */
  head: string;
  /** Tells whether the user's own index has been written since; null where there was none. */
  indexStamp: string | null;
  commit: string;
  tree: string;
  /** Private object directory that holds what the repository itself does not. */
  objectDir: string;
  /** Index file that belongs to `tree`. */
  indexFile: string;
  settings: TreeSettings;
  /** Top-relative folders that hold a `package.json`. */
  packageFolders: string[];
  /** How it differs from the checked-out commit; submodules and names that no record can hold are left out. */
  uncommitted: FileChange[];
  warnings: Failure[];
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
  /** Object directories outside of `home` that hold the base; absent where nothing is known of them. */
  borrowed?: readonly string[];
  /** It stands alone: its own git knows its tree, and no object of the repository besides. */
  sealed?: true;
  /**
   * Tracked files, from the top folder, that stand in the tree as Git LFS pointers because this machine lacks their
   * content. Sorted; as of when the checkout was made.
   */
  withoutContent: readonly string[];
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
  /** What had to be left out; always empty unless `partial` was asked for. */
  refusals: Failure[];
  /** The index that belongs to the pack; null where there is no pack. */
  packIndex: PackIndex | null;
}

/** A file below a checkout, with what it was when the runner wrote it: programs in the checkout may have changed it since. */
export interface PackIndex {
  file: string;
  sha256: string;
}

export interface CollectOptions {
  /** Owned paths below the state root, workspace-relative: kept as files of the bundle, never patched. */
  artifactPaths: string[];
  /** Where the pack with every pre- and post-image goes. */
  packFile: string;
  /**
   * Leaves out what no slice can carry (nested repositories, special files) instead of failing, and names it in
   * `refusals`: for keeping the rest of an attempt that counts as failed.
   */
  partial?: boolean;
  /** Only these changes, packed alone and without a patch for people: a copy of work that goes on. */
  only?: (change: FileChange) => boolean;
  /** Bytes that one file, and all changed files together, may have; 100 MiB and 500 MiB when absent. */
  limits?: { fileBytes: number; totalBytes: number };
}

/** What to take out of a tree. Paths are workspace-relative; a trailing `/` means everything below. */
export interface TreeRewrite {
  base: { tree: string; objectDir: string };
  removed: readonly string[];
  /** New texts of files by path; a file that is not there stays away. */
  texts: ReadonlyMap<string, string>;
  /** Folder for the objects. */
  into: string;
}

/** What a checkout starts from. */
export interface CheckoutBase {
  tree: string;
  objectDir: string;
  /** An index of `tree`, or of a tree close to it (the snapshot's); null lets git build one. */
  indexFile: string | null;
  /** HEAD of the agent stands on this commit if it has the same tree, else on `commit` or on a child of it. */
  parentCommit: string | null;
  /** A commit of exactly `tree`; made where there is none. */
  commit?: string | null;
  /** The tree that index and commit belong to; git is asked where it is absent. */
  snapshotTree?: string;
  /** Top-relative folders that may hold a package; git is asked where they are absent. */
  packageFolders?: readonly string[];
  /** Asked of git where they are absent. */
  settings?: TreeSettings;
  /** The agent's git gets this tree without any history, and no object of the repository besides. */
  sealed?: true;
}

/**
 * A checkout as another process can go on with it: plain JSON. It is kept where the agent has no business, because
 * what stands below `home` is not believed.
 */
export interface CheckoutRecord {
  checkout: Omit<Checkout, 'env' | 'withoutContent'>;
  repo: Repository;
  /** Commit that HEAD of the agent's repository starts on. */
  commit: string;
  /** Object directories that hold the base, beside the checkout's own. */
  borrowed: readonly string[];
  sparse: string | null;
  /** The tree that the runner's index stands for, and the sha256 of that index. */
  indexTree: string;
  indexDigest: string;
  share: 'copy' | 'links' | 'none';
  /** Folders of the user's tree (top-relative) whose `node_modules` is shared. */
  packageFolders: readonly string[];
  /** Change time of a file made right before the agent may start. */
  furnishedAtMs: number;
  /** Workspace-relative paths of the user's tree that are linked into the checkout. */
  links: readonly string[];
  /** See `CheckoutBase`. */
  sealed?: true;
  /** Files that stand in the checkout with their Git LFS content; absent in records of earlier versions. */
  filled?: FilledFile[];
}

/** A file whose Git LFS content stands in the checkout, where the tree has a pointer. */
export interface FilledFile {
  /** From the top folder. */
  path: string;
  /** In the tree: `100644` or `100755`. */
  mode: string;
  /** Of the content. */
  sha256: string;
  /** `fileStamp` of the file as it was put there. */
  stamp: string;
}

export interface CheckoutOptions {
  /** `auto` clones where the file system does so for nothing and links elsewhere; `none` when `setup` is given. */
  nodeModules?: 'auto' | 'links' | 'copy' | 'none';
  /** A folder on the disk of checkouts that several of them may take links in place of packages from; it is there. */
  spareLinks?: string;
  /** workspace.links: workspace-relative paths of the user's tree to link into the checkout. */
  links?: readonly string[];
  /** workspace.setup: run after the files are there, and again after each `resetTo`. */
  setup?: (checkout: Checkout) => Promise<Result<void>>;
}

export interface CheckoutRequest extends CheckoutOptions {
  /** The folder that holds everything of the checkout; made here. */
  home: string;
}

/** Which state of the user's repository, and where its objects go. */
export interface SnapshotRequest {
  /** `worktree`: with uncommitted and untracked files; `head`: the checked-out commit. */
  mode: 'worktree' | 'head';
  /** Folder for objects and index. */
  into: string;
  /** Untracked paths, workspace-relative, that never belong to it (the state root). */
  exclude?: readonly string[];
}

/** `objectDir`: an object directory that holds what its pack does; git unpacks the pack where there is none. */
export type NamedSlice = SliceObjects & { sliceId: string; objectDir?: string };

export interface MergeRequest {
  /** `commit`: of which a commit of the merged tree is to be a child. */
  base: { tree: string; objectDir: string; commit?: string };
  /** In the order in which they are merged. */
  slices: readonly NamedSlice[];
  /** Folder for the objects of the merge. */
  into: string;
}

export interface MergeConflict {
  /** The slice that did not apply on what was merged before it. */
  sliceId: string;
  /** Slices merged before that changed the same paths; empty when the base itself conflicts. */
  againstIds: string[];
  paths: string[];
}

/** A path, workspace-relative, whose content is other than in the tree that a checkout was cleaned to. */
export interface TreeWrite {
  path: string;
  /** `created`: not in the tree, and not ignored. */
  kind: 'changed' | 'removed' | 'created';
}

/** How a sweep treats the folders of processes that have ended. */
export interface SweepOptions {
  keep?(folder: string): boolean;
  /** Gets the marker of what worked in a folder, where one is noted, before the folder goes. */
  onAbandoned?(marker: string): Promise<void>;
  /** Is told what could not be removed. */
  onLeft?(left: Failure): void;
}

/** A merged tree in `objectDir`; `commit` is one of exactly this tree, null where git made none on the way. */
export interface MergedTree {
  ok: true;
  tree: string;
  objectDir: string;
  commit: string | null;
}

/** What merging a list of slices gives. */
export type Merged = MergedTree | { ok: false; conflict: MergeConflict };

/**
 * The git edge. Implemented in this folder with the git CLI (no shell), never with the user's index, refs, stash,
 * config or hooks.
 */
export interface GitEdge {
  /** Codes: git-missing, git-too-old, not-a-repository, no-commits. */
  openRepository(workspaceRoot: string): Promise<Result<Repository>>;
  /** Codes: unmerged-index, disk-full, git-failed. */
  snapshot(repo: Repository, request: SnapshotRequest): Promise<Result<Snapshot>>;
  /**
   * Whether the working tree is exactly the tree of an earlier snapshot, by the ignore rules of now. False where that is
   * not certain. One git process. Codes: git-failed.
   */
  isWorkingTree(repo: Repository, snapshot: Snapshot, exclude: readonly string[]): Promise<Result<boolean>>;
  /**
   * Files of the person's tree that were made, written or deleted at or after `sinceMs`, absolute, sorted; the first so many.
   * `skip`: folders that are left out. A git process only where something is gone from a folder. Never fails.
   */
  changedInTree(repo: Repository, request: { sinceMs: number; skip: readonly string[] }): Promise<string[]>;
  /** Objects and packs of the person that were touched since a time and are no longer what they say. Absolute, sorted. */
  damagedObjects(repo: Repository, sinceMs: number): string[];
  /** A tree with paths taken out of it. Codes: git-failed. */
  rewriteTree(repo: Repository, rewrite: TreeRewrite): Promise<Result<{ tree: string; objectDir: string }>>;
  /** Merges slices onto a tree, in order, 3-way per path, in a quarantine object directory. */
  mergeSlices(repo: Repository, request: MergeRequest): Promise<Result<Merged>>;
  /** Codes: checkout-failed, disk-full, workspace-setup-failed. */
  createCheckout(repo: Repository, base: CheckoutBase, request: CheckoutRequest): Promise<Result<Checkout>>;
  /** What `reopenCheckout` of a later process needs. Codes: checkout-failed. */
  recordCheckout(checkout: Checkout): Result<CheckoutRecord>;
  /** Takes over the checkout of a process that has ended, to collect from it. Codes: checkout-failed. */
  reopenCheckout(record: CheckoutRecord): Promise<Result<Checkout>>;
  /** Everything that differs from the base, seen with runner-owned git state. Codes: collect-failed, nested-repository, special-file. */
  collect(checkout: Checkout, options: CollectOptions): Promise<Result<Collected>>;
  /**
   * Cleans the checkout in place to exactly `tree`: no untracked, no ignored file, fresh `.git`, links re-made.
   * `objectDir` holds `tree` when it was not made by `collect` of this checkout (`Merged.objectDir`). `baseTree` stays:
   * a later `collect` still gives everything that differs from it.
   */
  resetTo(checkout: Checkout, tree: string, objectDir?: string): Promise<Result<void>>;
  /**
   * Puts back what differs from the tree that the checkout stands on, and says what it was: tracked files, and new ones
   * that no pattern ignores and `stays` does not name. Times, modes and line ends are put back unsaid.
   */
  putBack(checkout: Checkout, stays: (path: string) => boolean): Promise<Result<TreeWrite[]>>;
  /**
   * For each list of texts, each of one line, whether one of them stands in one of the blobs or anywhere in the
   * checked-out commit of the user. What git cannot answer counts as no.
   */
  heldBefore(
    checkout: Checkout,
    asked: { texts: readonly string[][]; blobs: readonly string[] },
  ): Promise<boolean[]>;
  /** The bytes of blobs that a checkout knows, by id; what it does not know is left out. Codes: checkout-failed. */
  readBlobs(checkout: Checkout, oids: readonly string[]): Promise<Result<ReadonlyMap<string, Uint8Array>>>;
  /** The patch between two trees, and the changed paths. */
  diffTrees(
    repo: Repository,
    objectDir: string,
    trees: { from: string; to: string },
  ): Promise<Result<{ changes: FileChange[]; patch: Uint8Array }>>;
  /** Writes the blobs of `changes` as one pack, and its index where a file for it is named. */
  packObjects(
    repo: Repository,
    objectDir: string,
    pack: { changes: readonly FileChange[]; packFile: string; indexFile?: string },
  ): Promise<Result<void>>;
  /** Mode and object id of workspace-relative paths in a tree; null where a path is absent. */
  entriesAt(
    repo: Repository,
    base: { tree: string; objectDir: string },
    paths: readonly string[],
  ): Promise<Result<Record<string, { mode: string; oid: string } | null>>>;
  /** Every symbolic link of a tree with its target, by its path from the top folder of the repository. */
  linksAt(
    repo: Repository,
    base: { tree: string; objectDir: string },
  ): Promise<Result<Record<string, string>>>;
  /** One file of a tree by its workspace-relative path; null when there is no regular file. */
  readFileAt(
    repo: Repository,
    base: { tree: string; objectDir: string },
    path: string,
  ): Promise<Result<Uint8Array | null>>;
  /** The regular files among the workspace-relative paths of a tree, by path. One git process for any number of them. */
  readFilesAt(
    repo: Repository,
    base: { tree: string; objectDir: string },
    paths: readonly string[],
  ): Promise<Result<ReadonlyMap<string, Uint8Array>>>;
  /** Paths of everything that stands directly in the folders of a tree (`''` is the workspace), folders among it. */
  pathsIn(
    repo: Repository,
    base: { tree: string; objectDir: string },
    folders: readonly string[],
  ): Promise<Result<ReadonlySet<string>>>;
  /** sha256 of the bytes of each blob, by its id; one that neither the repository nor a pack has is left out. */
  contentDigests(
    repo: Repository,
    oids: readonly string[],
    packFiles?: readonly string[],
  ): Promise<Result<ReadonlyMap<string, string>>>;
  /**
   * Puts changes into the user's repository, all or nothing; the only verb that writes there. `into` is a folder for
   * its objects. Codes: merge-conflict, uncommitted-changes, operation-in-progress, branch-exists, landing-failed.
   */
  applyToWorkspace(repo: Repository, request: LandRequest, into: string): Promise<Result<Landing>>;
  /** Takes back, or completes, a landing whose process was killed; `applyToWorkspace` does it by itself. */
  recoverLanding(repo: Repository): Promise<Result<void>>;
  /**
   * Files of the user's own `node_modules` that changed since the checkout was made, or since `sinceMs`: a program wrote
   * through a link, or the person installed something meanwhile. Workspace-relative, at most twenty; empty where nothing is linked.
   */
  findWritesThroughLinks(checkout: Checkout, sinceMs?: number): Promise<string[]>;
  /** Removes folders directly below `parent` whose recorded owner process is dead; gives their names. */
  sweepStale(parent: string, options?: SweepOptions): Promise<string[]>;
  /**
   * Makes a private folder that this process, or another one, is noted as the owner of: a later command removes it when that
   * has ended.
   */
  claimFolder(folder: string, owner?: FolderOwner): Promise<void>;
  /** Removes a private folder; what could not be removed is the answer, a warning, and fails nobody. */
  discardFolder(folder: string): Promise<Failure | null>;
  /** Whether the process that a folder belongs to has ended: false where nobody is noted, or on another machine. */
  isAbandoned(folder: string): Promise<boolean>;
  /** Removes what can be removed; what is left is told by `discardFolder` of the folder around it. */
  removeCheckout(checkout: Checkout): Promise<void>;
}
