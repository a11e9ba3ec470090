import { createHash } from 'node:crypto';
import { type FileChange } from '@nx-wave/schemas';
import { type Result, ok } from '@nx-wave/schemas/plain';
import { readPointer } from '../../core/lfs-pointer';
import { listEntriesAt, readBlobs } from './read-file-at';
import { type GitPlace } from './run-git';

/** The same text but for line ends; anything with a NUL byte is compared as it is. */
export function sameContent(left: Buffer, right: Buffer): boolean {
  if (left.equals(right)) return true;
  if (left.includes(0) || right.includes(0)) return false;
  const text = (bytes: Buffer) => bytes.toString('latin1').replaceAll('\r\n', '\n');
  return text(left) === text(right);
}

/** Whether `stored` is what git may have made of the bytes when it added them: other line ends, or their Git LFS pointer. */
export function isStoredForm(bytes: Buffer, stored: Buffer): boolean {
  const pointer = readPointer(stored.toString('latin1'));
  if (pointer === null) return sameContent(bytes, stored);
  return (
    pointer.bytes === bytes.length && pointer.sha256 === createHash('sha256').update(bytes).digest('hex')
  );
}

/**
 * The changes that are not in a tree yet in the form in which git stores them. A landing stores what `git add` makes of a
 * slice, so that a slice that is merged onto its own landing finds other bytes than it has. Paths of the changes are
 * those of the top folder. One git process, and one more where another content stands in the way.
 */
export async function withoutStored(
  at: GitPlace,
  tree: string,
  changes: readonly FileChange[],
): Promise<Result<FileChange[]>> {
  const entries = await listEntriesAt(
    at,
    tree,
    changes.map(({ path }) => path),
  );
  if (!entries.ok) return entries;
  const pairs = changes.flatMap((change) => {
    const stored = entries.value.get(change.path);
    const { before, after } = change;
    if (stored === undefined || after === null || after.mode === '120000') return [];
    if (stored.mode !== after.mode || stored.oid === before?.oid) return [];
    return [{ change, given: after.oid, stored: stored.oid }];
  });
  if (pairs.length === 0) return ok([...changes]);
  const blobs = await readBlobs(at, [...new Set(pairs.flatMap(({ given, stored }) => [given, stored]))]);
  if (!blobs.ok) return blobs;
  const isThere = ({ given, stored }: (typeof pairs)[number]) => {
    const [bytes, other] = [blobs.value.get(given), blobs.value.get(stored)];
    return bytes !== undefined && other !== undefined && isStoredForm(bytes, other);
  };
  const done = new Set(pairs.filter(isThere).map(({ change }) => change));
  return ok(changes.filter((change) => !done.has(change)));
}
