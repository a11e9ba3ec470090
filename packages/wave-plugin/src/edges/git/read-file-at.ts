import { type Result, ok } from '@nx-wave/schemas/plain';
import { runGit } from './run-git';

/** The bytes of one regular file of a tree, or null when the path is absent or no regular file. Nothing is checked out. */
export async function readBlobAt(
  env: Record<string, string>,
  cwd: string,
  tree: string,
  path: string,
): Promise<Result<Uint8Array | null>> {
  const listed = await runGit(['ls-tree', '-z', '--full-tree', tree, '--', path], { cwd, env });
  if (!listed.ok) return listed;
  const [mode, type, oid] = listed.value.stdout.toString('utf8').split('\t')[0]?.split(' ') ?? [];
  if (type !== 'blob' || mode === '120000' || oid === undefined) return ok(null);
  const blob = await runGit(['cat-file', 'blob', oid], { cwd, env });
  return blob.ok ? ok(new Uint8Array(blob.value.stdout)) : blob;
}
