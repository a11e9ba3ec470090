import type { FileChange } from '@nx-wave/schemas';
import { followSymlink, type Links } from './symlink-target';

/** A link of a merged tree that leaves it by the doing of slices. */
export interface MergedEscape {
  path: string;
  target: string;
  /** The slices that made, changed or removed a link on its way, sorted. */
  sliceIds: string[];
}

const isLink = (image: FileChange['after']) => image?.mode === '120000';

/** Whether a slice makes, changes or removes a link: nothing else changes where the links of a tree lead. */
export function changesLinks({ changes }: { changes: readonly FileChange[] }): boolean {
  return changes.some(({ before, after }) => isLink(before) || isLink(after));
}

/**
 * Every link that leaves the tree over a path where a slice changed a link, links of the base included. A link of the
 * base that leaves it without any slice on its way was there before, and is nobody's here. Paths of `links` and of the
 * changes start at the same folder.
 */
export function findMergedEscapes(
  links: Links,
  slices: readonly { sliceId: string; changes: readonly FileChange[] }[],
): MergedEscape[] {
  const changers = new Map<string, string[]>();
  for (const { sliceId, changes } of slices)
    for (const { path, before, after } of changes)
      if (isLink(before) || isLink(after)) changers.set(path, [...(changers.get(path) ?? []), sliceId]);
  return Object.entries(links)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, target]) => {
      const { end, looked } = followSymlink(links, path);
      const sliceIds = [...new Set(looked.flatMap((one) => changers.get(one) ?? []))].sort();
      return end === null && sliceIds.length > 0 ? [{ path, target, sliceIds }] : [];
    });
}
