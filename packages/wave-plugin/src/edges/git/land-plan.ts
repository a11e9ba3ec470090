import { type FileChange } from '@nx-wave/schemas';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';

export type Image = FileChange['before'];

/** One path that a landing is about, top-relative. */
export interface LandTarget {
  path: string;
  /** In HEAD, in the index and on disk now, and after landing. */
  head: Image;
  staged: Image;
  disk: Image;
  after: Image;
  /** Paths in the way that the landing does not know: files below a path that must become a file, or a link above it. */
  obstacles: string[];
}

export interface LandPlan {
  /** Paths whose file on disk changes; the others are as they should be already. */
  write: LandTarget[];
}

const same = (a: Image, b: Image): boolean => a?.oid === b?.oid && a?.mode === b?.mode;

function inTheWay(paths: string[]): Failure {
  const shown = paths.slice(0, 10).join(', ') + (paths.length > 10 ? `, and ${paths.length - 10} more` : '');
  return failure('uncommitted-changes', `Uncommitted changes are in the way of landing: ${shown}.`, {
    place: { path: paths[0] ?? '' },
    next: 'commit or stash these paths, then land again',
    facts: { paths },
  });
}

/**
 * Decides what landing does to the working tree. A target must be as it is in HEAD, or already as the landing leaves
 * it; anything else is somebody's work. Codes: uncommitted-changes.
 */
export function planLanding(
  targets: readonly LandTarget[],
  useIndex: boolean,
  show: (topPath: string) => string,
): Result<LandPlan> {
  const blocked = new Set<string>();
  for (const target of targets) {
    const free = (image: Image) => same(image, target.head) || same(image, target.after);
    if (!free(target.disk) || (useIndex && !free(target.staged))) blocked.add(show(target.path));
    for (const obstacle of target.obstacles) blocked.add(show(obstacle));
  }
  if (blocked.size > 0) return err(inTheWay([...blocked].sort()));
  return ok({ write: targets.filter((target) => !same(target.disk, target.after)) });
}
