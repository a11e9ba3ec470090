import type { FileChange } from '@nx-wave/schemas';
import { provingAttempt, type ReportInput } from './report-input';

/** One path that the wave changes. */
export interface ChangedFile {
  path: string;
  /** `new`, `removed`, `changed`, with modes where they change. */
  kind: string;
  /** Unit ids of those whose proof changes it. */
  agents: string[];
}

/** Every path that the wave changes, by what was merged, else by the proofs that there are; sorted by path. */
export function changedFiles(input: ReportInput): ChangedFile[] {
  const { wave, closure } = input;
  const agents = new Map<string, string[]>();
  const changes = new Map<string, FileChange>(closure.changes.map((change) => [change.path, change]));
  for (const { unitId } of wave.agents) {
    for (const change of provingAttempt(input, unitId)?.predicate.changes ?? []) {
      agents.set(change.path, [...(agents.get(change.path) ?? []), unitId]);
      if (closure.changes.length === 0) changes.set(change.path, change);
    }
  }
  return [...changes.values()]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((change) => ({ path: change.path, kind: kindOf(change), agents: agents.get(change.path) ?? [] }));
}

function kindOf({ before, after }: FileChange): string {
  if (before === null) return 'new';
  if (after === null) return 'removed';
  return before.mode === after.mode ? 'changed' : `changed, mode ${before.mode} to ${after.mode}`;
}
