import { join } from 'node:path';
import { failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { planPrune, type Prunable, type PrunePlan, type PruneRules } from '../../core/state/plan-prune';
import { describeWriteError } from '../../edges/files/io-errors';
import { listFiles, readableNames } from '../../edges/files/list-folder';
import { lstatOrNull } from '../../edges/files/stat';
import { readText } from '../../edges/files/read-file';
import { removeEmptyParents, removePath, removeUnseen } from '../../edges/files/remove';
import { attemptFolders, isUncollected } from '../../edges/store/attempts';
import { readManifestDigests } from '../../edges/store/bundle';
import type { Edges } from '../session/edges';
import type { LaneRequest } from './lane';
import { neededDigests } from './needed-proofs';
import { readRunning } from '../slices/attempt-note';

export interface PruneRequest extends Omit<PruneRules, 'nowMs'> {
  dryRun: boolean;
}

export interface PruneReport extends PrunePlan {
  /** What could not be removed. */
  failures: Failure[];
}

/**
 * Removes proofs, attempts, remembered tree proofs and leftovers of crashed runs by age and size: never what a ledger, a
 * closure or another output of any working tree refers to, never the newest attempt of an agent, never what a living
 * process works on. The store belongs to the repository: all of its lanes are looked at.
 */
export async function pruneStore(
  lane: LaneRequest,
  request: PruneRequest,
  edges: Edges,
): Promise<Result<PruneReport>> {
  const repo = await edges.git.openRepository(lane.workspaceRoot);
  if (!repo.ok) return repo;
  const root = join(repo.value.commonDir, 'nx-wave');
  const needed = await neededDigests(repo.value, lane.include);
  const items = [
    ...(await proofs(join(root, 'proofs'), needed)),
    ...(await attempts(join(root, 'attempts'), needed, edges)),
    ...(await plain('tree-proof', join(root, 'tree-proofs'))),
    ...(await plain('leftover', join(root, 'proofs', '.drafts'))),
    ...(await leftovers(edges.scratchRoot, edges)),
    ...(await leftovers(join(edges.scratchRoot, 'runs'), edges)),
  ];
  const plan = planPrune(items, { ...request, nowMs: edges.now().getTime() });
  const failures: Failure[] = [];
  if (!request.dryRun) {
    for (const { path } of plan.remove) {
      const gone = await discard(path, join(root, 'proofs', '.drafts'));
      if (!gone.ok) failures.push(gone.error);
    }
  }
  if (plan.tooLarge) failures.push(notEnough(request.maxBytes ?? 0));
  return ok({ ...plan, failures });
}

function notEnough(maxBytes: number): Failure {
  return failure('prune-short', `What is still referred to is larger than ${maxBytes} bytes: it stays.`, {
    severity: 'warning',
    next: 'Land or delete waves that are done, or allow more with --max-size.',
  });
}

async function proofs(root: string, needed: Set<string>): Promise<Prunable[]> {
  const items: Prunable[] = [];
  for (const prefix of (await readableNames(root)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const key of await readableNames(join(root, prefix))) {
      for (const name of await readableNames(join(root, prefix, key))) {
        const path = join(root, prefix, key, name);
        if (name.endsWith('.foreign')) {
          if ((await lstatOrNull(path.slice(0, -'.foreign'.length))) === null)
            items.push(await measure('leftover', path, null));
          continue;
        }
        const named = [name, key, ...(await readManifestDigests(path))].some((one) => needed.has(one));
        items.push(await measure('proof', path, named ? 'referred to' : null));
      }
    }
  }
  return items;
}

async function attempts(root: string, needed: Set<string>, edges: Edges): Promise<Prunable[]> {
  const items: Prunable[] = [];
  for (const project of await readableNames(root)) {
    for (const unit of await readableNames(join(root, project))) {
      const all = (await readableNames(join(root, project, unit)))
        .map((name) => ({ name, number: Number(/^attempt-(\d+)$/.exec(name)?.[1] ?? Number.NaN) }))
        .filter(({ number }) => !Number.isNaN(number));
      const newest = Math.max(0, ...all.map(({ number }) => number));
      for (const { name, number } of all) {
        const path = join(root, project, unit, name);
        const why =
          number === newest
            ? 'the newest attempt'
            : (await isReferred(path, needed))
              ? 'referred to'
              : (await isRunning(path, edges))
                ? 'running'
                : null;
        items.push(await measure('attempt', path, why));
      }
    }
  }
  return items;
}

async function isReferred(attempt: string, needed: Set<string>): Promise<boolean> {
  for (const name of Object.values(attemptFolders)) {
    const digests = await readManifestDigests(join(attempt, name));
    if (digests.some((one) => needed.has(one))) return true;
  }
  return false;
}

async function isRunning(attempt: string, edges: Edges): Promise<boolean> {
  if (!(await isUncollected(attempt))) return false;
  const home = (await readRunning(attempt))?.checkout.checkout.home;
  if (home === undefined || (await lstatOrNull(home)) === null) return false;
  return !(await edges.git.isAbandoned(home));
}

/** Folders of crashed runs. One that notes no owner is judged by its age alone. */
async function leftovers(root: string, edges: Edges): Promise<Prunable[]> {
  const items: Prunable[] = [];
  for (const name of (await readableNames(root)).filter((one) => one !== 'runs' && one !== 'slots')) {
    const path = join(root, name);
    if (!((await lstatOrNull(path))?.isDirectory() ?? false)) continue;
    const noted = await hasOwner(path);
    const lives = noted && !(await edges.git.isAbandoned(path));
    items.push(await measure('leftover', path, lives ? 'running' : null));
  }
  return items;
}

async function hasOwner(folder: string): Promise<boolean> {
  for (const at of [folder, join(folder, 'checkout')])
    if ((await readText(join(at, 'owner.json'))) !== null) return true;
  return false;
}

async function plain(kind: Prunable['kind'], root: string): Promise<Prunable[]> {
  return Promise.all((await readableNames(root)).map((name) => measure(kind, join(root, name), null)));
}

async function measure(kind: Prunable['kind'], path: string, needed: string | null): Promise<Prunable> {
  const info = await lstatOrNull(path);
  const bytes = info?.isDirectory()
    ? (await listFiles(path)).files.reduce((sum, { size }) => sum + size, 0)
    : (info?.size ?? 0);
  return { kind, path, bytes, usedAtMs: info?.mtimeMs ?? 0, needed };
}

/** Out of sight in one step where the disk is the same, then gone; folders that are empty then go too. */
async function discard(path: string, aside: string): Promise<Result<void>> {
  try {
    await removeUnseen(path, aside);
    await removePath(`${path}.foreign`);
    await removeEmptyParents(path, 2);
    return ok(undefined);
  } catch (error) {
    return { ok: false, error: describeWriteError(path, error) };
  }
}
