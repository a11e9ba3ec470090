import { type FailureCode } from '@nx-wave/schemas/plain';
import { isGitFolder } from '../runner-paths';
import { quote, type Diagnostics, type Spot } from './diagnostics';
import { unwrap } from './entries';

/** A path in its one form, or what is wrong with it. */
export type PathReading =
  { ok: true; path: string } | { ok: false; code: FailureCode; why: string; next: string };

/** What most paths look like: no segment begins with a dot, nothing to unwrap. It is right as it stands. */
const plainPath = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\/?$/;

/**
 * The rules of every path in a wave file: workspace-relative with `/`, inside the workspace, never into `.git`.
 * `./`, doubled and inner `.` segments are dropped; a trailing `/` (a whole folder) stays.
 */
export function readPath(written: string): PathReading {
  if (plainPath.test(written)) return { ok: true, path: written };
  const text = pathText(written);
  if (text === '') return refuse('path-malformed', 'is empty', 'Name a file or folder.');
  if (hasControlCharacter(text))
    return refuse('path-malformed', 'holds a control character', 'Remove it from the path.');
  if (text.includes('\\'))
    return refuse('path-malformed', 'holds a backslash', `Write \`${text.replaceAll('\\', '/')}\`.`);
  if (text.startsWith('/') || text.startsWith('~') || /^[A-Za-z]:/.test(text))
    return refuse(
      'path-outside',
      'is not relative to the workspace',
      'Write it relative to the workspace root.',
    );
  const folder = text.endsWith('/');
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..'))
    return refuse(
      'path-outside',
      'climbs with `..`',
      'Write the path from the workspace root, without `..`.',
    );
  if (segments.some(isGitFolder))
    return refuse('path-git', 'points into `.git`', 'Agents never touch the repository itself: remove it.');
  if (segments.length === 0)
    return refuse('path-malformed', 'names the whole workspace', 'Name the folders that are meant.');
  return { ok: true, path: segments.join('/') + (folder ? '/' : '') };
}

/**
 * The path that an entry writes: bare, in backticks or quotes, or as a link. Of a link the words count where they are
 * a path, for its target is relative to the file that it stands in; otherwise the target does.
 */
function pathText(written: string): string {
  const text = unwrap(written);
  const link = /^\[([^\][]{1,500})\]\(<?([^()<>\s]{1,500})>?\)$/.exec(text);
  if (!link) return text;
  const words = unwrap(link[1] as string);
  return words.includes('/') || /^\S+\.[A-Za-z0-9]{1,10}$/.test(words) ? words : (link[2] as string);
}

function refuse(code: FailureCode, why: string, next: string): PathReading {
  return { ok: false, code, why, next };
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((sign) => sign < ' ' || sign === '\u007f');
}

/** Reads a path of a wave file and reports it where it breaks a rule. */
export function checkPath(
  written: string,
  { what, spot }: { what: string; spot: Spot },
  diagnostics: Diagnostics,
): string | null {
  const reading = readPath(written);
  if (reading.ok) return reading.path;
  diagnostics.error(reading.code, spot, {
    message: `The ${what} ${quote(written)} ${reading.why}.`,
    next: reading.next,
  });
  return null;
}

/** True when `path` is owned by `owner`: the same file, or anything below an owner that ends in `/`. */
export function covers(owner: string, path: string): boolean {
  return owner === path || (owner.endsWith('/') && path.startsWith(owner));
}

/** Answers "is this path owned?" in the depth of the path, however many paths are owned. */
export interface Ownership {
  /** The owner entry that covers the path, or null. */
  ownerOf(path: string): string | null;
}

export function ownershipOf(ownedPaths: Iterable<string>): Ownership {
  const owned = new Set(ownedPaths);
  return {
    ownerOf: (path) => {
      if (owned.has(path)) return path;
      for (const folder of foldersAbove(path)) if (owned.has(folder)) return folder;
      return null;
    },
  };
}

/** `a/`, `a/b/` for `a/b/c` and for `a/b/c/`; deep paths are cut at 64 levels. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  let slash = path.indexOf('/');
  while (slash !== -1 && slash < path.length - 1 && folders.length < 64) {
    folders.push(path.slice(0, slash + 1));
    slash = path.indexOf('/', slash + 1);
  }
  return folders;
}
