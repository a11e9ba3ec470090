import { type AgentSpec } from '@nx-wave/schemas';
import { strengthLevels, type FilledScope, type StrengthLevel } from '@nx-wave/schemas/plain';
import { type ProofStrength } from '../model';

/**
 * What the proof of an agent has to be worth. The agent's own level wins; then `proof.levels`, by the paths that it owns and the
 * folders of entries inside of them: the first entry that covers a path counts for it, and the highest of all paths for the agent;
 * then `proof.level`.
 */
export function proofStrengthOf(
  agent: AgentSpec,
  ownedPaths: readonly string[],
  { proof }: FilledScope,
): ProofStrength {
  const { level = null, mayChange = [], heldOut = [], reason = null } = agent.proofStrength ?? {};
  const byDefault = highest(ownedPaths.flatMap((path) => levelsIn(path, proof))) ?? proof.level;
  return {
    level: level ?? byDefault,
    usual: byDefault,
    required: proof.required,
    mayChange,
    heldOut,
    reason,
    mutants: proof.mutants,
  };
}

/** Of a path, and of all that is named apart inside of it: who owns a folder may change what is in it. */
function levelsIn(path: string, proof: FilledScope['proof']): StrengthLevel[] {
  const inside = proof.levels
    .flatMap(({ paths = [] }) => paths)
    .filter((folder) => isAtOrBelow(path.replace(/\/$/, ''), folder));
  return [path, ...inside].map((one) => levelAt(one, proof));
}

function levelAt(path: string, { levels, level }: FilledScope['proof']): StrengthLevel {
  const entry = levels.find(({ paths }) => paths?.some((folder) => isAtOrBelow(folder, path)));
  return entry?.level ?? level;
}

function isAtOrBelow(folder: string, path: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

function highest(levels: readonly StrengthLevel[]): StrengthLevel | undefined {
  return strengthLevels[Math.max(...levels.map((level) => strengthLevels.indexOf(level)))];
}
