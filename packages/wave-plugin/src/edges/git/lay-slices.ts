import type { FileChange } from '@nx-wave/schemas';
import type { TreeEntry } from './read-file-at';
import { type GitPlace, runGit } from './run-git';
import { createTreeView, pathsThatDecide } from './tree-view';

/** What slices are laid on. */
export interface LayGround {
  tree: string;
  /** The commit that the one with the result is a child of; null for none. */
  parent: string | null;
}

/** A tree with slices on it, and a commit of exactly this tree. */
export interface Laid {
  tree: string;
  commit: string;
  /** How many of the slices are on it, from the first one on. */
  count: number;
}

const message = 'working state\n';

/**
 * Puts on a tree as many of the first slices as find there exactly what they were made on: with nothing to merge, all of
 * them take one git process, and one more where not all fit. `slices`: the changes of each, with paths from the top folder. Null
 * where git refuses: whoever merges them one by one is told of which slice and why.
 */
export async function laySlices(
  at: GitPlace,
  ground: LayGround,
  slices: readonly FileChange[][],
): Promise<Laid | null> {
  const all = await importSlices(at, ground, slices);
  if (all === null) return null;
  const view = createTreeView(all.entries);
  let count = 0;
  for (const changes of slices) {
    if (!view.fits(changes)) break;
    view.apply(changes);
    count += 1;
  }
  if (count === slices.length) return { ...all, count };
  if (count === 0) return { tree: ground.tree, commit: '', count };
  const some = await importSlices(at, ground, slices.slice(0, count));
  return some === null ? null : { ...some, count };
}

/** Lays slices whether they fit or not, and tells what the tree had at each path that decides that. */
async function importSlices(at: GitPlace, ground: LayGround, slices: readonly FileChange[][]) {
  const paths = pathsThatDecide(slices.flat().map(({ path }) => path));
  const ran = await runGit(
    ['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--force', '--done'],
    {
      ...at,
      input: importStream(ground, { paths, slices, identity: identityOf(at.env) }),
    },
  );
  return ran.ok ? readAnswers(ran.value.stdout.toString('latin1'), paths) : null;
}

/** `name <address> seconds zone`, as commits of the same environment have it. */
function identityOf(env: Record<string, string>): string {
  const { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date } = env;
  return `${name} <${email}> ${date}`;
}

/**
 * The input of `git fast-import`: one commit that starts from the tree, asks what stands at the paths, makes the changes in
 * their order, and tells its tree and itself.
 */
export function importStream(
  { tree, parent }: LayGround,
  {
    paths,
    slices,
    identity,
  }: { paths: readonly string[]; slices: readonly FileChange[][]; identity: string },
): string {
  const lines = [
    'commit refs/heads/merged',
    'mark :1',
    `committer ${identity}`,
    `data ${message.length}\n${message}`,
    ...(parent === null ? [] : [`from ${parent}`]),
    `M 040000 ${tree} ""`,
    ...paths.map((path) => `ls ${quoted(path)}`),
    ...slices.flatMap(changeLines),
    'ls ""',
    '',
    'get-mark :1',
    'done',
  ];
  return `${lines.join('\n')}\n`;
}

/** Removals first: a folder that became a file, or the other way round, must not collide with itself. */
function changeLines(changes: readonly FileChange[]): string[] {
  return [
    ...changes.flatMap(({ path, after }) => (after === null ? [`D ${quoted(path)}`] : [])),
    ...changes.flatMap(({ path, after }) =>
      after === null ? [] : [`M ${after.mode} ${after.oid} ${quoted(path)}`],
    ),
  ];
}

/** A path as git reads it between quotes: only these three characters mean anything there. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** One line for each path, one for the tree, one for the commit. Null for anything else. */
function readAnswers(
  stdout: string,
  paths: readonly string[],
): { entries: Map<string, TreeEntry>; tree: string; commit: string } | null {
  const lines = stdout.split('\n');
  const entries = new Map<string, TreeEntry>();
  const entryOf = (line = ''): TreeEntry | null => {
    const [, mode, type, oid] = /^(\d{6}) ([a-z]+) ([0-9a-f]+)\t/.exec(line) ?? [];
    return mode && type && oid ? { mode, type, oid } : null;
  };
  for (const [at, path] of paths.entries()) {
    const entry = entryOf(lines[at]);
    if (entry !== null) entries.set(path, entry);
    else if (lines[at]?.startsWith('missing ') !== true) return null;
  }
  const tree = entryOf(lines[paths.length])?.oid;
  const commit = lines[paths.length + 1] ?? '';
  return tree !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? { entries, tree, commit } : null;
}
