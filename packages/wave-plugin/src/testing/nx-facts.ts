import { minimatch } from 'minimatch';
import { type NxFacts } from '../core/infer/nx-facts';

/** The Nx of a workspace without defaults for targets. */
export function buildNxFacts(overrides: Partial<NxFacts> = {}): NxFacts {
  return {
    version: '24.0.0',
    targetDefaults: undefined,
    startsCommands: false,
    matches: minimatch,
    ...overrides,
  };
}
