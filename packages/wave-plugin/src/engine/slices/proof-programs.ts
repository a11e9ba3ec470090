import { join } from 'node:path';
import type { ResolvedWave } from '../../core/model';
import { proofPrograms } from '../../core/validate/programs';
import { whyNotStartable } from '../../edges/processes/find-program';

/** A workspace whose proof commands are to run. */
export interface ProgramGround {
  workspaceRoot: string;
  /** Top folder of its repository. */
  topLevel: string;
  env: Readonly<Record<string, string>>;
}

/** Programs of proof commands that cannot be started in their environment, with the reasons. Nothing is started. */
export async function findMissingPrograms(
  wave: ResolvedWave,
  { workspaceRoot, topLevel, env }: ProgramGround,
): Promise<ReadonlyMap<string, string>> {
  const before = [workspaceRoot, topLevel].map((folder) => join(folder, 'node_modules', '.bin'));
  const missing = new Map<string, string>();
  for (const program of proofPrograms(wave)) {
    const why = await whyNotStartable(program, { env, before });
    if (why !== null) missing.set(program, why);
  }
  return missing;
}
