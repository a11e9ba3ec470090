import { posix } from 'node:path';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { isGitFolder } from '../../core/runner-paths';

/** A path as the workspace sees it: outside of the workspace it begins with `../`. `prefix` ends with `/` or is empty. */
export function toWorkspacePath(prefix: string, topPath: string): string {
  if (prefix === '') return topPath;
  return topPath.startsWith(prefix) ? topPath.slice(prefix.length) : posix.relative(prefix, topPath);
}

/**
 * A workspace path as the repository's top folder sees it. Codes: bundle-invalid for absolute paths, empty parts,
 * `.git` and paths that leave the repository.
 */
export function toTopPath(prefix: string, path: string): Result<string> {
  const joined = posix.join(prefix || '.', path);
  const parts = joined.split('/');
  const bad =
    path === '' ||
    path.includes('\0') ||
    path.startsWith('/') ||
    path.endsWith('/') ||
    path.split('/').some((part) => part === '' || part === '.') ||
    parts.some((part) => part === '..' || isGitFolder(part));
  if (bad)
    return err(
      failure('bundle-invalid', `A slice names a path that no slice may have: ${JSON.stringify(path)}`),
    );
  return ok(joined);
}

/** One entry of an alternates list, quoted where git would split or skip it. */
export function quoteAlternate(path: string): string {
  if (!/[":\n#\\]/.test(path)) return path;
  return `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
