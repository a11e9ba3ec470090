import { type FileChange } from '@nx-wave/schemas';
import { type Result } from '@nx-wave/schemas/plain';
import { type SliceObjects } from './slice-objects';

/** A file that a landing adds beside the slice: a ledger entry. Workspace-relative. */
export interface ExtraFile {
  path: string;
  content: string;
}

/** What is to be put into the user's repository. */
export interface LandRequest extends SliceObjects {
  /** Object directory that holds the images, where they are not in `packFile` (`Merged.objectDir`). */
  objectDir?: string;
  /**
   * `tree`: the working tree, nothing else; `commit`: the working tree and one commit on HEAD; `branch`: a commit on
   * a new branch, working tree untouched; `dry-run`: every check, no effect.
   */
  mode: 'tree' | 'commit' | 'branch' | 'dry-run';
  /** Commit message, for `commit` and `branch`. */
  message?: string;
  /** Name of the new branch, for `branch`. */
  branch?: string;
  /** Asked once nobody else can land in the working tree: whether what was true at the beginning still is. */
  recheck?(): Promise<Result<void>>;
  /** Files to add, made from what is really landed. */
  extraFiles?(changes: readonly FileChange[]): ExtraFile[];
}

/** What a landing did, or would do. */
export interface Landing {
  /** Every path as it is in HEAD and as the landing leaves it, extra files excluded; empty when all of it is in HEAD. */
  changes: FileChange[];
  /** Tree of HEAD with the changes and the extra files. */
  tree: string;
  /** The commit that was made, or null. */
  commit: string | null;
  /** Paths that were written; empty when the working tree had everything already. */
  written: string[];
}
