import { type ResolvedAgent } from '../model';
import { quote } from '../parse/diagnostics';
import { ownershipOf } from '../parse/paths';

/** A tracked file whose Git LFS content is not on this machine: in a checkout it is the pointer. */
export interface MissingContent {
  /** Workspace-relative. */
  path: string;
  /** From the top folder of the repository, as git-lfs wants it. */
  topPath: string;
}

/** A line of an agent that needs content which is not here. */
export interface ContentNeed {
  kind: 'owned' | 'context' | 'proof';
  /** The owned path, the context path or the command. */
  line: string;
  /** In the order in which they were given. */
  files: MissingContent[];
}

type Needs = Pick<ResolvedAgent, 'ownedPaths' | 'deliverables' | 'contextPaths' | 'proofCommands'>;

/** Paths that a command names word by word; a word without `/` may be anything and is a file at most. */
export function namesPath(command: string, path: string): boolean {
  const words = command.split(/[\s"'=;|&<>()]+/).map((word) => word.replace(/^(\.\/)+/, ''));
  return words.some(
    (word) =>
      word === path || (word.includes('/') && path.startsWith(word.endsWith('/') ? word : `${word}/`)),
  );
}

/** What an agent needs of content that is not here: to change a file, to read it, or to prove with it. */
export function contentNeeds(agent: Needs, missing: readonly MissingContent[]): ContentNeed[] {
  if (missing.length === 0) return [];
  const linesOf = (kind: ContentNeed['kind'], lineOf: (path: string) => string | null): ContentNeed[] => {
    const byLine = new Map<string, MissingContent[]>();
    for (const file of missing) {
      const line = lineOf(file.path);
      if (line !== null) byLine.set(line, [...(byLine.get(line) ?? []), file]);
    }
    return [...byLine].map(([line, files]) => ({ kind, line, files }));
  };
  const own = ownershipOf([...agent.ownedPaths, ...agent.deliverables]);
  const context = ownershipOf(agent.contextPaths);
  return [
    ...linesOf('owned', (path) => own.ownerOf(path)),
    ...linesOf('context', (path) => context.ownerOf(path)),
    ...agent.proofCommands.flatMap((command) =>
      linesOf('proof', (path) => (namesPath(command, path) ? command : null)),
    ),
  ];
}

/** `a`, `b`, and 3 more. */
function listed(files: readonly MissingContent[]): string {
  const more = files.length > 10 ? `, and ${files.length - 10} more` : '';
  return `${files
    .slice(0, 10)
    .map(({ path }) => quote(path))
    .join(', ')}${more}`;
}

const whose: Record<ContentNeed['kind'], (line: string) => string> = {
  owned: () => 'which the agent owns',
  context: () => 'which the agent is told to read',
  proof: (line) => `which the proof command ${quote(line)} names`,
};

/** What stops an agent: it would be paid to work, or be judged, on a pointer. */
export function describeNeed({ kind, line, files }: ContentNeed): { message: string; next: string } {
  return {
    message: `The Git LFS content of ${listed(files)}, ${whose[kind](line)}, is not on this machine: a checkout has the pointer instead.`,
    next: pullCommand(files),
  };
}

/** What is said of files that no line of the wave names. */
export function describeOthers(files: readonly MissingContent[]): { message: string; next: string } {
  return {
    message: `The Git LFS content of ${listed(files)} is not on this machine: a proof command that reads it finds the pointer instead.`,
    next: pullCommand(files),
  };
}

/** Names that need no quoting, in a shell or in a list of patterns; anything else is left to a pull of everything. */
const plainName = /^[\w./@+-]+$/;

function pullCommand(files: readonly MissingContent[]): string {
  const paths = files.map(({ topPath }) => topPath);
  const simple = paths.length <= 10 && paths.every((path) => plainName.test(path));
  return simple ? `git lfs pull --include=${paths.join(',')}` : 'git lfs pull';
}
