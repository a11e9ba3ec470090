import { join } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { mkdir } from '../files/at-once';
import type { Repository } from './contracts';
import { runGit, type HostEnv } from './run-git';
import { snapshotEnv } from './snapshot-git';

/**
 * The tree that a patch makes of another one; null where the patch does not apply. Nothing is checked out, and every object of it
 * goes to `into`. Codes: trust-unsupported where the tree is not in this clone, git-failed, disk-full.
 */
export async function patchedTree(
  repo: Repository,
  env: HostEnv,
  { tree, patchFile, into }: { tree: string; patchFile: string; into: string },
): Promise<Result<string | null>> {
  const objects = join(into, 'objects');
  await mkdir(objects, { recursive: true });
  const at = {
    cwd: repo.topLevel,
    env: {
      ...snapshotEnv(env, repo, { objectDir: objects, indexFile: join(into, 'index') }),
      GIT_NO_REPLACE_OBJECTS: '1',
    },
    answers: [0, 1, 128],
  };
  const read = await runGit(['read-tree', tree], at);
  if (!read.ok) return read;
  if (read.value.code !== 0)
    return err(
      failure('trust-unsupported', `The tree ${tree}, on which the wave was proved, is not in this clone.`, {
        next: 'Fetch the commit that it was proved on (git fetch --unshallow in a shallow clone) and run the same command again.',
      }),
    );
  const applied = await runGit(['apply', '--cached', '--allow-empty', '--whitespace=nowarn', patchFile], at);
  if (!applied.ok) return applied;
  if (applied.value.code !== 0) return ok(null);
  const written = await runGit(['write-tree'], { ...at, answers: [0] });
  return written.ok ? ok(written.value.stdout.toString('utf8').trim()) : written;
}
