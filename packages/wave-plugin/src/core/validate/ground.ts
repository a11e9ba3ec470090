import { type Finding } from '../resolve/locate';
import { covers } from '../parse/paths';
import { quote } from '../parse/diagnostics';
import { type ResolvedAgent, type ResolvedWave } from '../model';
import { requiredArtifacts } from '../verify/check-files';
import { type MissingContent } from './lfs-content';

/** The line of an ignore file that hides a path. */
export interface IgnoreLine {
  /** The `.gitignore`, as the workspace sees it. */
  file: string;
  /** From 1. */
  line: number;
  pattern: string;
}

/** A path beyond a link, or in a submodule. */
export interface Unreached {
  path: string;
  why: 'link' | 'submodule';
}

/** What git says of the paths that a wave owns or promises, before anybody is paid. Paths are workspace-relative. */
export interface WaveGround {
  /** Paths that are hidden, by the path that was asked for; what git tracks is never among them. */
  ignored: ReadonlyMap<string, IgnoreLine>;
  /** Files below these paths that differ from the checked-out commit, untracked ones too. Sorted. */
  uncommitted: readonly string[];
  /** Tracked files below these paths whose names are not UTF-8, as they are shown to people. Sorted. */
  undecodable: readonly string[];
  /** Files whose attributes name a filter that git does not know here. Sorted by path. */
  unfiltered: readonly { path: string; filter: string; advice: string }[];
  /** Every tracked file of the repository whose Git LFS content is not on this machine. Sorted by path. */
  withoutContent: readonly MissingContent[];
  /** Paths that git does not look at by that name, and why. */
  unreached: readonly Unreached[];
}

/** Paths that agents own or promise: what `WaveGround` is asked for. Artifacts below a state root are ignored on purpose. */
export function groundPathsOf({
  agents,
  identity,
  levels,
}: Pick<ResolvedWave, 'agents' | 'identity' | 'levels'>): string[] {
  const paths = agents.flatMap((agent) => [
    ...agent.ownedPaths,
    ...promisesOf(agent, levels).map(({ path }) => path),
  ]);
  const isState = (path: string) => identity.stateRoots.some((root) => covers(`${root}/`, path));
  return [...new Set(paths)].filter((path) => !isState(path)).sort();
}

/** A file without which an agent is not proven, in the words and under the heading of its wave file. */
export interface Promised {
  path: string;
  word: 'deliverable' | 'proof artifact';
  section: '### Deliverables' | '### Proof artifacts';
}

/** Every file that an agent cannot be proven without. */
export function promisesOf(agent: ResolvedAgent, levels: ResolvedWave['levels']): Promised[] {
  const required = requiredArtifacts({ agent, ...(levels === undefined ? {} : { levels }) });
  return [
    ...agent.deliverables.map((path): Promised => ({
      path,
      word: 'deliverable',
      section: '### Deliverables',
    })),
    ...required
      .filter(({ path }) => !agent.deliverables.includes(path))
      .map(({ path }): Promised => ({ path, word: 'proof artifact', section: '### Proof artifacts' })),
  ];
}

/**
 * A deliverable or proof artifact that git ignores never becomes part of a slice, so its agent cannot be proven: an error. Where an agent
 * of the wave may change the ignore file it is a warning.
 */
export function ignoredPromise(
  { path, word }: Promised,
  hidden: IgnoreLine,
  { agents }: Pick<ResolvedWave, 'agents'>,
): Required<Pick<Finding, 'message' | 'next' | 'severity'>> {
  const mayChange = agents.some(({ ownedPaths }) => ownedPaths.some((owned) => covers(owned, hidden.file)));
  return {
    message: `The ${word} ${quote(path)} is ignored by git: line ${hidden.line} of ${hidden.file}, ${quote(hidden.pattern)}. No slice can hold it.`,
    next: 'Change that line so that the file is seen, or promise another path.',
    severity: mayChange ? 'warning' : 'error',
  };
}
