import { join, relative, sep } from 'node:path';
import type { Closure } from '@nx-wave/schemas';
import type { ListedFile } from '../../core/trust/digest-list';
import type { WavePaths } from '../../core/infer/wave-paths';
import { listFiles, namesIn } from '../../edges/files/list-folder';
import { hashFile } from '../../edges/files/read-file';
import { bundleFiles } from '../../edges/store/bundle';
import type { Session } from '../session/session';

/** The files of one closing as they stand, with paths below the launcher folder. */
export interface PresentFiles {
  files: ListedFile[];
  /** Links and special files among them: whoever reads one reads what no list names. */
  strange: string[];
  /** Units whose proof the record names and no folder below `results/` has. */
  absent: string[];
}

/**
 * Everything that a closing rests on: record and patch, verdicts with what gates and `prove` left, handoffs, and every file of
 * every proof that the record names. What else stands below `results/` (attempts that failed) is no part of it.
 */
export async function presentFiles(
  session: Session,
  paths: WavePaths,
  record: Pick<Closure, 'agents'>,
): Promise<PresentFiles> {
  const root = session.at(session.wave.identity.launcherDir);
  const nameOf = (path: string) => relative(root, path).split(sep).join('/');
  const files: ListedFile[] = [];
  const strange: string[] = [];
  const add = async (path: string) => {
    const sha256 = await hashFile(path);
    if (sha256 !== null) files.push({ path: nameOf(path), sha256 });
  };
  const addFolder = async (folder: string) => {
    const found = await listFiles(folder);
    for (const { absolute } of found.files) await add(absolute);
    strange.push(...found.refused.map((path) => nameOf(join(folder, path))));
  };
  await add(session.at(paths.closure));
  await add(session.at(paths.closurePatch));
  await addFolder(session.at(paths.handoffDir));
  await addFolder(session.at(paths.gatesDir));
  const folders = await bundleFolders(session, paths);
  const absent: string[] = [];
  for (const { agentId, proofDigest } of record.agents) {
    if (proofDigest === null) continue;
    const folder = folders.get(proofDigest);
    if (folder === undefined) absent.push(agentId);
    else {
      await addFolder(folder);
      await add(`${folder}.json`);
    }
  }
  return { files, strange, absent };
}

/** Folders of bundles below `results/` by the sha256 of their manifests. What the bundles hold is not looked at. */
async function bundleFolders(session: Session, paths: WavePaths): Promise<Map<string, string>> {
  const root = session.at(paths.resultsDir);
  const folders = new Map<string, string>();
  for (const attempt of await namesIn(root)) {
    for (const unit of await namesIn(join(root, attempt))) {
      const folder = join(root, attempt, unit);
      const digest = await hashFile(join(folder, bundleFiles.manifest));
      if (digest !== null && !folders.has(digest)) folders.set(digest, folder);
    }
  }
  return folders;
}
