import { ok, type Result } from '@nx-wave/schemas/plain';
import { heldOutFiles, heldOutOf, hideHeldOut } from '../../core/held-out';
import type { Session } from '../session/session';
import type { Base } from './base';

/**
 * The base as agents, and the commands that they know, may see it: without the files of held-out commands, without the lines that
 * name them, and without a history that has either. The base itself where a wave holds nothing out.
 */
export async function sealedBase(session: Session, base: Base, into: string): Promise<Result<Base>> {
  const { wave, repo, edges } = session;
  if (heldOutOf(wave).length === 0) return ok(base);
  const { path } = wave.identity;
  const read = await edges.git.readFilesAt(repo, base, [path]);
  if (!read.ok) return read;
  const file = read.value.get(path);
  const texts =
    file === undefined ? [] : [[path, hideHeldOut(Buffer.from(file).toString('utf8'), wave)] as const];
  const rewritten = await edges.git.rewriteTree(repo, {
    base,
    removed: heldOutFiles(wave),
    texts: new Map(texts),
    into,
  });
  if (!rewritten.ok) return rewritten;
  return ok({ ...base, ...rewritten.value, commit: null, parentCommit: null, sealed: true });
}
