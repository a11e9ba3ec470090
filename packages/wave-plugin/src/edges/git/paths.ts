import { posix } from 'node:path';
import { type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { isGitFolder } from '../../core/runner-paths';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Splits NUL-terminated output of git into texts. Codes: collect-failed for a name that is not UTF-8. */
export function splitNul(bytes: Uint8Array): Result<string[]> {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    const shown = Buffer.from(bytes)
      .toString('latin1')
      .split('\0')
      .find((name) => /[\x80-\xff]/.test(name));
    return err(
      failure('collect-failed', `A file name is not UTF-8 and cannot be recorded: ${JSON.stringify(shown)}`, {
        next: 'rename the file',
      }),
    );
  }
  const parts = text.split('\0');
  if (parts.at(-1) === '') parts.pop();
  return ok(parts);
}

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
