import type { FileEvidence } from '../core/verify/slice-evidence';
import type { ResolvedAgent } from '../core/model';
import { buildAgent, buildWave } from './resolved';

/** Evidence of a slice in which nobody has seen anything yet. */
export function buildFileEvidence(
  agent: Partial<ResolvedAgent> = {},
  seen: Partial<FileEvidence> = {},
): FileEvidence {
  const unit = buildAgent(agent);
  return {
    agent: unit,
    wave: buildWave([unit]),
    changes: [],
    artifacts: [],
    files: {},
    symlinks: {},
    amendments: [],
    proofCommands: [],
    ...seen,
  };
}
