import { join, relative } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Result } from '@nx-wave/schemas/plain';
import { type GitEdge, type Repository } from './contracts';
import { makeCheckout } from './checkout';
import { type CheckoutRegistry } from './checkout-state';
import { recordCheckout, reopenCheckout } from './checkout-record';
import { collectChanges } from './collect';
import { readChanges, readPatch } from './diff-trees';
import { guardIo } from './io-failure';
import { applyToWorkspace } from './land';
import { recoverLanding } from './landing-stage';
import { mergeAll } from './merge-slices';
import { openRepository } from './open-repository';
import { findChangedSince } from './outside-writes';
import { packImages, unpackImages } from './pack';
import { makePrivateGitDir, readBorrowed } from './private-git-dir';
import { readBlobAt, readContentDigests, readEntriesAt } from './read-file-at';
import { resetCheckout } from './reset';
import { type HostEnv } from './run-git';
import { removeAll } from './scan-tree';
import { isAbandoned, sweepStale } from './stale-folders';
import { toWorkspacePath } from './paths';
import { takeSnapshot, userObjects } from './snapshot';
import { ok } from '@nx-wave/schemas/plain';

export interface GitEdgeOptions {
  /** The environment of the person; only what git needs is taken from it. */
  env: HostEnv;
  /** Where short-lived git directories go; the system's temporary folder when absent. */
  tmpDir?: string;
}

/** The git edge over the git CLI. Checkouts belong to the edge that made them. */
export function createGitEdge({ env: host, tmpDir = tmpdir() }: GitEdgeOptions): GitEdge {
  const registry: CheckoutRegistry = new Map();

  /** Runs work on a short-lived git directory that reads `objectDir`. */
  const reading = <T>(
    repo: Repository,
    objectDir: string,
    anyOid: string,
    work: (env: Record<string, string>, cwd: string) => Promise<Result<T>>,
  ): Promise<Result<T>> =>
    guardIo('git-failed', 'reading objects', async () => {
      const folder = await mkdtemp(join(tmpDir, 'nx-wave-git-'));
      try {
        const read = [objectDir, ...(await readBorrowed(objectDir)), userObjects(repo)];
        const made = await makePrivateGitDir(host, folder, { write: join(folder, 'objects'), read }, anyOid);
        return await work(made.env, folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

  return {
    openRepository: (workspaceRoot) => openRepository(host, workspaceRoot),
    snapshot: (repo, mode, into, options) => takeSnapshot(host, repo, mode, into, options),
    mergeSlices: (repo, base, slices, into) => mergeAll(host, repo, base, slices, into),
    createCheckout: (repo, base, home, options = {}) =>
      makeCheckout(host, registry, repo, base, home, options),
    recordCheckout: (checkout) => recordCheckout(registry, checkout),
    reopenCheckout: (record) => reopenCheckout(registry, record),
    collect: (checkout, options) => collectChanges(host, registry, checkout, options),
    resetTo: (checkout, tree, objectDir) => resetCheckout(host, registry, checkout, tree, objectDir),
    diffTrees: (repo, objectDir, from, to) =>
      reading(repo, objectDir, from, async (env, cwd) => {
        const changes = await readChanges(env, cwd, from, to, repo.prefix);
        if (!changes.ok) return changes;
        const patch = await readPatch(env, cwd, from, to);
        return patch.ok ? ok({ changes: changes.value, patch: patch.value }) : patch;
      }),
    packObjects: (repo, objectDir, changes, packFile) => {
      const anyOid =
        changes.flatMap((c) => [c.before?.oid, c.after?.oid]).find((oid) => oid !== undefined) ?? '';
      return reading(repo, objectDir, anyOid, async (env, cwd) => {
        const packed = await packImages(env, cwd, changes, packFile);
        return packed.ok ? ok(undefined) : packed;
      });
    },
    entriesAt: (repo, base, paths) =>
      reading(repo, base.objectDir, base.tree, async (env, cwd) => {
        const read = await readEntriesAt(
          env,
          cwd,
          base.tree,
          paths.map((path) => repo.prefix + path),
        );
        if (!read.ok) return read;
        return ok(Object.fromEntries(paths.map((path) => [path, read.value[repo.prefix + path] ?? null])));
      }),
    readFileAt: (repo, base, path) =>
      reading(repo, base.objectDir, base.tree, (env, cwd) =>
        readBlobAt(env, cwd, base.tree, repo.prefix + path),
      ),
    contentDigests: (repo, oids, packFiles = []) => {
      const [first] = oids;
      if (first === undefined) return Promise.resolve(ok(new Map<string, string>()));
      return reading(repo, userObjects(repo), first, async (env, cwd) => {
        for (const packFile of packFiles) {
          const unpacked = await unpackImages(env, cwd, packFile);
          if (!unpacked.ok) return unpacked;
        }
        return readContentDigests(env, cwd, oids);
      });
    },
    applyToWorkspace: (repo, request, into) => applyToWorkspace(host, repo, request, into),
    recoverLanding: (repo) => recoverLanding(host, repo),
    findWritesThroughLinks: async (checkout) => {
      const state = registry.get(checkout.home);
      if (state?.share !== 'links') return [];
      const { topLevel, prefix } = state.repo;
      const folders = state.packageFolders.map((folder) => join(topLevel, folder, 'node_modules'));
      const changed = await findChangedSince(folders, state.furnishedAtMs);
      return changed.map((path) => toWorkspacePath(prefix, relative(topLevel, path)));
    },
    sweepStale,
    isAbandoned,
    removeCheckout: async (checkout) => {
      registry.delete(checkout.home);
      await removeAll(checkout.home);
    },
  };
}
