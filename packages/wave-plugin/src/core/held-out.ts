import type { ResolvedAgent, ResolvedWave } from './model';
import { stageRules } from './stages';

/** A command that is kept from agents. They hear of it by its name alone. */
export interface HeldOutCheck {
  /** `held-out 1 of A1`. */
  name: string;
  /** The unit whose work it judges. */
  unitId: string;
  command: string;
  /** Workspace-relative; a trailing `/` means everything below. */
  files: readonly string[];
}

/** Every held-out command of a wave, in wave order. An agent that first designs is judged by them once it implements. */
export function heldOutOf({ agents }: Pick<ResolvedWave, 'agents'>): HeldOutCheck[] {
  return agents.filter((agent) => !stageRules[agent.stage].prepares).flatMap(checksOf);
}

function checksOf({ agentId, unitId, proofStrength }: ResolvedAgent): HeldOutCheck[] {
  return proofStrength.heldOut.map(({ command, files }, at) => ({
    name: `held-out ${at + 1} of ${agentId}`,
    ...{ unitId, command, files },
  }));
}

/** Their files, each once and sorted. */
export function heldOutFiles(wave: Pick<ResolvedWave, 'agents'>): string[] {
  return [...new Set(heldOutOf(wave).flatMap(({ files }) => files))].sort();
}

const entry = /^\s*(?:[-*+]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?[*_`"']*held-out[*_`"']*\s*:/i;

/** The text of a wave file as agents may see it: without each line that names a held-out command or one of its files. */
export function hideHeldOut(text: string, wave: Pick<ResolvedWave, 'agents'>): string {
  const words = heldOutOf(wave).flatMap(({ command, files }) => [command, ...files]);
  const tells = (line: string) => entry.test(line) || words.some((word) => line.includes(word));
  return text
    .split('\n')
    .filter((line) => !tells(line))
    .join('\n');
}
