import type { FileChange, ProofCommandResult } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../../core/model';
import type { SeenCommand } from '../../proof/counted';
import type { ProofOfTree } from './measured-tree';

/** A green slice, and what was seen while its commands ran. */
export interface GreenSlice extends ProofOfTree {
  agent: ResolvedAgent;
  changes: readonly FileChange[];
  results: readonly ProofCommandResult[];
  seen: readonly SeenCommand[];
}

/** Texts of a slice by path. */
export interface SliceTexts {
  /** What the base has. */
  before: ReadonlyMap<string, string>;
  /** What the slice has. */
  now: ReadonlyMap<string, string>;
  /** Configuration to put back, as it has to be. */
  config: ReadonlyMap<string, string>;
}
