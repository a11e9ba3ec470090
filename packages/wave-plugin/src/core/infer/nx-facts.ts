/** What inference knows of the Nx that asks for the projects. */
export interface NxFacts {
  /** Its version, `24.0.0`; null where it could not be told. */
  version: string | null;
  /** `targetDefaults` of nx.json, whatever stands there. */
  targetDefaults: unknown;
  /** Whether tasks may run as commands: the package is installed as it is published, so that there is a program to start. */
  startsCommands: boolean;
  /** Nx's matcher of patterns, minimatch. */
  matches(text: string, pattern: string, options?: { dot: boolean }): boolean;
}

/**
 * Whether an Nx may hash a task by a recording of what it read (Ultracache), and so has to be told not to. Nx knows the
 * setting from 23.3 on and ignores settings that it does not know, so an unknown version counts as one that does.
 */
export function knowsUltracache(version: string | null): boolean {
  const match = /^(\d+)\.(\d+)\./.exec(version ?? '');
  if (match === null) return true;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 23 || (major === 23 && minor >= 3);
}
