import type { FileChange } from '@nx-wave/schemas';

/** A set of changes with the objects that they need: everything to apply them anywhere. */
export interface SliceObjects {
  changes: FileChange[];
  /** A pack with every pre- and post-image blob of `changes`; null when there is none. */
  packFile: string | null;
}
