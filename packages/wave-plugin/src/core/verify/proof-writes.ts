import { isOwned } from './owned-paths';

/** A path that a proof command left other than it was. Line ends, times and modes do not count. */
export interface ProofWrite {
  path: string;
  /** `created`: a file that no tree has and that is not ignored. */
  kind: 'changed' | 'removed' | 'created';
}

/** What the commands of one tree may do to it. All paths are workspace-relative. */
export interface WriteGuard {
  /** Paths that slices have changed, that agents of the wave own, and that the wave is judged by. */
  guarded: readonly string[];
  /** What the wave allows (`may write:`). */
  mayWrite: readonly string[];
}

/** Writes by what follows from them. */
export interface JudgedWrites {
  /** What lands would not be what was proved: a refusal. */
  refused: string[];
  /** Put back, and only said: generated code and lock files that tools rewrite, new files that no slice carries. */
  putBack: string[];
}

/** Proof commands check, they do not write: of a guarded file every change is refused, of others it is put back. */
export function judgeWrites(writes: readonly ProofWrite[], guard: WriteGuard): JudgedWrites {
  const counted = writes.filter(({ path }) => !isOwned(guard.mayWrite, path));
  const isRefused = ({ path, kind }: ProofWrite) => kind !== 'created' && isOwned(guard.guarded, path);
  const pathsOf = (some: readonly ProofWrite[]) => some.map(({ path }) => path).sort();
  return {
    refused: pathsOf(counted.filter(isRefused)),
    putBack: pathsOf(counted.filter((one) => !isRefused(one))),
  };
}

/** At most five paths, and how many more there are. */
export function namePaths(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).map((path) => (/^[\w./@+-]+$/.test(path) ? path : JSON.stringify(path)));
  return `${shown.join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;
}

/** What to do where a proof command writes. */
export const proofWritesAdvice =
  'Let the agent run what fixes or generates the files, and make the proof command check them (`--check`); ' +
  'or allow it with `- may write: <path>` under `### Proof commands`. Finished work is verified again, nobody is paid.';
