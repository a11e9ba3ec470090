import { join, relative } from 'node:path';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { namesIn } from '../../edges/files/list-folder';
import { readText } from '../../edges/files/read-file';
import { attemptFolders } from '../../edges/store/attempts';
import { bundleFiles, readBundle, type Bundle } from '../../edges/store/bundle';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';

/** Where a bundle stands; `shown` is a view that can be made again from the other two. */
export type BundlePlace = 'store' | 'attempts' | 'shown';

export interface CheckedBundle {
  place: BundlePlace;
  /** Workspace-relative where it lies inside the workspace. */
  path: string;
  /** Null where it is not intact. */
  bundle: Bundle | null;
  failures: Failure[];
}

/** Reads every bundle of the wave with all its bytes: proof store, attempts, and what is shown below `results/`. */
export async function checkBundles(session: Session): Promise<CheckedBundle[]> {
  const { project } = session.wave.identity;
  const found: CheckedBundle[] = [];
  for (const folder of await storedFolders(session)) {
    const checked = await checkBundle(session, 'store', folder.path);
    const { bundle } = checked;
    if (bundle !== null && bundle.manifest.predicate.wave !== project) continue;
    if (
      bundle !== null &&
      (bundle.proofDigest !== folder.digest || bundle.manifest.predicate.workKey !== folder.key)
    ) {
      const next = `Delete that folder: rm -r ${JSON.stringify(folder.path)}`;
      checked.failures.push(
        altered(session, folder.path, { why: 'it stands under a key or digest that is not its own', next }),
      );
    }
    found.push(checked);
  }
  const attemptsRoot = join(session.durableRoot, 'attempts', project);
  for (const unit of await namesIn(attemptsRoot)) {
    for (const attempt of await namesIn(join(attemptsRoot, unit))) {
      for (const name of Object.values(attemptFolders)) {
        const folder = join(attemptsRoot, unit, attempt, name);
        if ((await namesIn(folder)).length > 0) found.push(await checkBundle(session, 'attempts', folder));
      }
    }
  }
  const resultsRoot = session.at(session.paths.resultsDir);
  for (const attempt of await namesIn(resultsRoot)) {
    for (const unit of await namesIn(join(resultsRoot, attempt))) {
      if (unit.endsWith('.json')) continue;
      found.push(await checkShown(session, join(resultsRoot, attempt, unit)));
    }
  }
  return found;
}

/** Folders of the store that belong to this wave, and those whose manifest no longer says whose they are. */
async function storedFolders(session: Session): Promise<{ path: string; key: string; digest: string }[]> {
  const root = session.proofs.root;
  const folders: { path: string; key: string; digest: string }[] = [];
  for (const prefix of (await namesIn(root)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const key of await namesIn(join(root, prefix))) {
      for (const digest of (await namesIn(join(root, prefix, key))).filter((name) =>
        /^[0-9a-f]{64}$/.test(name),
      )) {
        const path = join(root, prefix, key, digest);
        const manifest = parseJson(await readText(join(path, bundleFiles.manifest))) as
          { predicate?: { wave?: unknown } } | undefined;
        const wave = manifest?.predicate?.wave;
        if (wave === undefined || wave === session.wave.identity.project) folders.push({ path, key, digest });
      }
    }
  }
  return folders;
}

async function checkBundle(session: Session, place: BundlePlace, folder: string): Promise<CheckedBundle> {
  const read = await readBundle(folder);
  const path = shorten(session, folder);
  if (read.ok) return { place, path, bundle: read.value, failures: [] };
  return {
    place,
    path,
    bundle: null,
    failures: [{ ...read.error, place: { wave: session.wave.identity.project, path } }],
  };
}

/** A shown bundle and the envelope beside it, which must be the one that the bundle holds. */
async function checkShown(session: Session, folder: string): Promise<CheckedBundle> {
  const checked = await checkBundle(session, 'shown', folder);
  if (checked.bundle === null) return checked;
  const inside = await readText(join(folder, bundleFiles.envelope));
  const beside = await readText(`${folder}.json`);
  if (inside !== null && beside !== null && inside !== beside) {
    const path = `${checked.path}.json`;
    const next = `Delete it: rm ${JSON.stringify(path)}; the next run shows it again from the bundle.`;
    checked.failures.push(altered(session, path, { why: 'the envelope is not the one in its bundle', next }));
  }
  return checked;
}

export function altered(
  session: Session,
  path: string,
  { why, next }: { why: string; next: string },
): Failure {
  return failure('proof-altered', `${shorten(session, path)}: ${why}.`, {
    place: { wave: session.wave.identity.project, path: shorten(session, path) },
    next,
  });
}

function shorten(session: Session, path: string): string {
  const inside = relative(session.workspaceRoot, path);
  return path.startsWith('/') && !inside.startsWith('..') ? inside : path;
}
