import { ok, type Result, type Stage } from '@nx-wave/schemas/plain';
import type { WaveWork } from '../../core/state/stage-evidence';
import { stageRules } from '../../core/stages';
import { placeInside } from '../../edges/files/place-inside';
import { readTextUpTo } from '../../edges/files/read-file';
import { reportPathsOf } from '../../gates/registry';
import type { Session } from '../session/session';
import type { Base } from '../slices/base';
import type { Slice } from '../slices/slices';
import { brokenImportsOf } from './broken-imports';

/** A report longer than this is not one word. */
const longestReport = 1_000_000;

/** What the word of a steward is held against: who changed what, the reports, and where the merged tree leads nowhere. */
export async function readWork(
  session: Session,
  { stage, slices }: { stage: Stage; slices: readonly Slice[] },
  base: Base,
): Promise<Result<WaveWork>> {
  const { wave } = session;
  const own = slices.filter(({ sliceId }) => wave.agents.some(({ unitId }) => unitId === sliceId));
  const texts = await readReports(session, { paths: reportPathsOf(wave, stage), slices, base });
  if (!texts.ok) return texts;
  const changes = own.flatMap((slice) => slice.changes);
  const artifacts = slices.flatMap((slice) => slice.artifacts.map(({ path }) => path));
  const broken = stageRules[stage].looksAtMergedTree
    ? await brokenImportsOf(session, base, { changes, artifacts })
    : ok([]);
  if (!broken.ok) return broken;
  return ok({
    changed: Object.fromEntries(own.map((slice) => [slice.sliceId, changedPaths(slice)])),
    reportTexts: texts.value,
    broken: broken.value.map(({ path, line, what }) => ({ path, line, what })),
  });
}

function changedPaths({ changes, artifacts }: Slice): string[] {
  return [...new Set([...changes, ...artifacts].map(({ path }) => path))].sort();
}

async function readReports(
  session: Session,
  { paths, slices, base }: { paths: readonly string[]; slices: readonly Slice[]; base: Base },
): Promise<Result<Record<string, string>>> {
  const texts: Record<string, string> = {};
  const asked: string[] = [];
  for (const path of paths.filter((one) => !one.endsWith('/'))) {
    const from = slices.findLast(({ artifacts }) => artifacts.some((one) => one.path === path));
    if (from === undefined) asked.push(path);
    else if (from.artifactDir !== null) {
      const place = await placeInside(from.artifactDir, path);
      const text = place === null ? null : await readTextUpTo(place, longestReport).catch(() => null);
      if (text !== null) texts[path] = text;
    }
  }
  if (asked.length === 0) return ok(texts);
  const read = await session.edges.git.readFilesAt(session.repo, base, asked);
  if (!read.ok) return read;
  for (const [path, bytes] of read.value)
    if (bytes.length <= longestReport) texts[path] = Buffer.from(bytes).toString('utf8');
  return ok(texts);
}
