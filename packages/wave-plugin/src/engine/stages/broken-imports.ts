import type { FileChange } from '@nx-wave/schemas';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { readIgnored } from '../../edges/git/wave-ground';
import {
  findBrokenImports,
  foldersAsked,
  placesOf,
  readModules,
  type BrokenImport,
} from '../../proof/broken-imports';
import { changedFilesOf } from '../../proof/changed-files';
import { testRunners } from '../../proof/runners/registry';
import type { Session } from '../session/session';
import type { Base } from '../slices/base';

/** A file this long is data. */
const longestText = 1_000_000;

/** A tree, and what lies beside it that git does not carry. */
interface Tree {
  tree: string;
  objectDir: string;
  artifacts: ReadonlySet<string>;
}

/**
 * Sources that the wave changed and that lead nowhere on the merged tree: imports of files that are not there, of names that no
 * file exports, texts that are no program. What was so before the wave is not told, nor what git would ignore: it is made later.
 */
export async function brokenImportsOf(
  session: Session,
  base: Base,
  { changes, artifacts }: { changes: readonly FileChange[]; artifacts: readonly string[] },
): Promise<Result<BrokenImport[]>> {
  const { sources } = changedFilesOf(changes, { runners: testRunners, settled: [] });
  const merged = { ...base, artifacts: new Set(artifacts) };
  const broken = await brokenIn(session, merged, sources);
  if (!broken.ok || broken.value.length === 0) return broken;
  const before = { tree: base.snapshotTree, objectDir: base.objectDir, artifacts: new Set<string>() };
  const known = await brokenIn(session, before, [...new Set(broken.value.map(({ path }) => path))]);
  if (!known.ok) return known;
  const isNew = broken.value.filter(
    (one) => !known.value.some(({ path, what }) => path === one.path && what === one.what),
  );
  const later = await madeLater(session, isNew);
  return ok(isNew.filter(({ missing }) => missing === undefined || !later.has(missing)));
}

async function brokenIn(
  session: Session,
  { tree, objectDir, artifacts }: Tree,
  sources: readonly string[],
): Promise<Result<BrokenImport[]>> {
  const { edges, repo } = session;
  const at = { tree, objectDir };
  const read = await edges.git.readFilesAt(repo, at, sources);
  if (!read.ok) return read;
  const texts = [...read.value].flatMap(([path, bytes]) =>
    bytes.length > longestText ? [] : [[path, Buffer.from(bytes).toString('utf8')] as const],
  );
  const modules = await readModules(new Map(texts));
  const folders = foldersAsked(modules);
  const paths = folders.length === 0 ? ok(new Set<string>()) : await edges.git.pathsIn(repo, at, folders);
  if (!paths.ok) return paths;
  return ok(findBrokenImports(modules, (path) => paths.value.has(path) || artifacts.has(path)));
}

/** Targets that git would ignore, or of which that cannot be said. */
async function madeLater(
  { repo, edges }: Session,
  broken: readonly BrokenImport[],
): Promise<ReadonlySet<string>> {
  const targets = broken.flatMap(({ missing }) => (missing === undefined ? [] : [missing]));
  if (targets.length === 0) return new Set();
  const asked = await readIgnored(repo, edges.env, targets.flatMap(placesOf));
  if (!asked.ok) return new Set(targets);
  const { ignored, unreached } = asked.value;
  const isHidden = (path: string) => ignored.has(path) || unreached.some((one) => one.path === path);
  return new Set(targets.filter((target) => placesOf(target).some(isHidden)));
}
