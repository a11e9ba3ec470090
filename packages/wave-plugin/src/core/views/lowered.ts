import { strengthLevels } from '@nx-wave/schemas/plain';
import type { ProofStrength } from '../model';

/** Whether an agent asks for less than it would be held to without its own block, and nobody says why. */
export function isLoweredUnsaid({ level, usual, reason }: ProofStrength): boolean {
  return reason === null && strengthLevels.indexOf(level) < strengthLevels.indexOf(usual);
}
