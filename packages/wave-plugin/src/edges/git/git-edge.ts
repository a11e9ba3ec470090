import { join, relative } from 'node:path';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type Result } from '@nx-wave/schemas/plain';
import { type GitEdge, type Repository } from './contracts';
import { makeCheckout } from './checkout';
import { type CheckoutOwner } from './checkout-state';
import { recordCheckout, reopenCheckout } from './checkout-record';
import { collectChanges } from './collect';
import { readDiff } from './diff-trees';
import { guardIo } from './io-failure';
import { applyToWorkspace } from './land';
import { recoverLanding } from './landing-stage';
import { mergeAll } from './merge-slices';
import { openRepository } from './open-repository';
import { damagedObjects } from './damaged-objects';
import { findChangedSince } from './outside-writes';
import { changedInTree } from './tree-writes';
import { packImages, unpackImages } from './pack';
import { makePrivateGitDir, readBorrowed } from './private-git-dir';
import { heldBefore } from './held-before';
import { putBackWrites } from './put-back';
import { readCheckoutBlobs } from './checkout-blobs';
import { listPathsIn, readContentDigests, readEntriesAt, readFilesAt, readLinksAt } from './read-file-at';
import { resetCheckout } from './reset';
import { rewriteTree } from './rewrite-tree';
import { type GitPlace, type HostEnv } from './run-git';
import { discardFolder } from './discard-folder';
import { writeOwner } from './folder-owner';
import { isAbandoned, sweepStale } from './stale-folders';
import { toWorkspacePath } from './paths';
import { takeSnapshot } from './snapshot';
import { userObjects } from './snapshot-git';
import { isWorkingTree } from './working-tree';
import { ok } from '@nx-wave/schemas/plain';

export interface GitEdgeOptions {
  /** The environment of the person; only what git needs is taken from it. */
  env: HostEnv;
  /** Where short-lived git directories go; the system's temporary folder when absent. */
  tmpDir?: string;
}

/** Which objects a short-lived git directory reads. */
interface Objects {
  repo: Repository;
  objectDir: string;
  /** An id of the repository: its length tells the object format. */
  anyOid: string;
}

type Reader = <T>(objects: Objects, work: (at: GitPlace) => Promise<Result<T>>) => Promise<Result<T>>;

/** Runs work on a short-lived git directory that reads the objects. */
function readerOf(host: HostEnv, tmpDir: string): Reader {
  return ({ repo, objectDir, anyOid }, work) =>
    guardIo('git-failed', 'reading objects', async () => {
      const folder = join(tmpDir, `nx-wave-git-${randomBytes(6).toString('hex')}`);
      await writeOwner(folder);
      try {
        const read = [objectDir, ...(await readBorrowed(objectDir)), userObjects(repo)];
        const write = join(folder, 'objects');
        const { env } = await makePrivateGitDir(host, folder, { write, read, anyOid });
        return await work({ env, cwd: folder });
      } finally {
        await discardFolder(folder);
      }
    });
}

/** What reads files and folders of a tree. */
function fileVerbs(reading: Reader): Pick<GitEdge, 'readFileAt' | 'readFilesAt' | 'pathsIn'> {
  return {
    readFileAt: (repo, { tree, objectDir }, path) =>
      reading({ repo, objectDir, anyOid: tree }, async (at) => {
        const read = await readFilesAt(at, tree, [repo.prefix + path]);
        return read.ok ? ok(read.value.get(repo.prefix + path) ?? null) : read;
      }),
    readFilesAt: (repo, { tree, objectDir }, paths) =>
      reading({ repo, objectDir, anyOid: tree }, async (at) => {
        const read = await readFilesAt(
          at,
          tree,
          paths.map((path) => repo.prefix + path),
        );
        if (!read.ok) return read;
        return ok(new Map([...read.value].map(([path, bytes]) => [path.slice(repo.prefix.length), bytes])));
      }),
    pathsIn: (repo, { tree, objectDir }, folders) =>
      reading({ repo, objectDir, anyOid: tree }, async (at) => {
        const { prefix } = repo;
        const asked = folders.map((folder) => `${prefix}${folder}`.replace(/\/$/, ''));
        const listed = await listPathsIn(at, tree, asked);
        if (!listed.ok) return listed;
        const inside = [...listed.value].filter((path) => path.startsWith(prefix));
        return ok(new Set(inside.map((path) => path.slice(prefix.length))));
      }),
  };
}

type ReadingVerb = 'diffTrees' | 'packObjects' | 'entriesAt' | 'linksAt' | 'contentDigests';

/** What only reads objects of the repository, or writes them to a file. */
function readingVerbs(
  reading: Reader,
): Pick<GitEdge, ReadingVerb | 'readFileAt' | 'readFilesAt' | 'pathsIn'> {
  return {
    diffTrees: (repo, objectDir, trees) =>
      reading({ repo, objectDir, anyOid: trees.from }, (at) => readDiff(at, trees, repo.prefix)),
    packObjects: (repo, objectDir, { changes, ...place }) => {
      const anyOid =
        changes.flatMap((c) => [c.before?.oid, c.after?.oid]).find((oid) => oid !== undefined) ?? '';
      return reading({ repo, objectDir, anyOid }, async (at) => {
        const packed = await packImages(at, changes, place);
        return packed.ok ? ok(undefined) : packed;
      });
    },
    entriesAt: (repo, { tree, objectDir }, paths) =>
      reading({ repo, objectDir, anyOid: tree }, async (at) => {
        const topPaths = paths.map((path) => repo.prefix + path);
        const read = await readEntriesAt(at, tree, topPaths);
        if (!read.ok) return read;
        return ok(Object.fromEntries(paths.map((path) => [path, read.value[repo.prefix + path] ?? null])));
      }),
    linksAt: (repo, { tree, objectDir }) =>
      reading({ repo, objectDir, anyOid: tree }, (at) => readLinksAt(at, tree)),
    ...fileVerbs(reading),
    contentDigests: (repo, oids, packFiles = []) => {
      const [anyOid] = oids;
      if (anyOid === undefined) return Promise.resolve(ok(new Map<string, string>()));
      return reading({ repo, objectDir: userObjects(repo), anyOid }, async (at) => {
        for (const packFile of packFiles) {
          const unpacked = await unpackImages(at, packFile);
          if (!unpacked.ok) return unpacked;
        }
        return readContentDigests(at, oids);
      });
    },
  };
}

/** The git edge over the git CLI. Checkouts belong to the edge that made them. */
export function createGitEdge({ env: host, tmpDir = tmpdir() }: GitEdgeOptions): GitEdge {
  const owner: CheckoutOwner = { host, registry: new Map(), checkedContent: new Map() };
  const reading = readerOf(host, tmpDir);
  return {
    openRepository: (workspaceRoot) => openRepository(host, workspaceRoot),
    snapshot: (repo, request) => takeSnapshot(host, repo, request),
    isWorkingTree: (repo, snapshot, exclude) => isWorkingTree(host, { repo, snapshot, exclude }),
    rewriteTree: (repo, rewrite) => rewriteTree(host, repo, rewrite),
    mergeSlices: (repo, request) => mergeAll(host, repo, request),
    createCheckout: (repo, base, request) => makeCheckout(owner, repo, { base, ...request }),
    recordCheckout: (checkout) => recordCheckout(owner.registry, checkout),
    reopenCheckout: (record) => reopenCheckout(owner.registry, record),
    collect: (checkout, options) => collectChanges(owner, checkout, options),
    resetTo: (checkout, tree, objectDir) => resetCheckout(owner, checkout, { tree, objectDir }),
    putBack: (checkout, stays) => putBackWrites(owner, checkout, stays),
    heldBefore: (checkout, asked) => heldBefore(owner, checkout, asked),
    readBlobs: (checkout, oids) => readCheckoutBlobs(owner, checkout, oids),
    ...readingVerbs(reading),
    applyToWorkspace: (repo, request, into) => applyToWorkspace(host, repo, { request, into }),
    recoverLanding: (repo) =>
      guardIo('landing-failed', 'completing an interrupted landing', () => recoverLanding(host, repo)),
    findWritesThroughLinks: async (checkout, sinceMs) => {
      const state = owner.registry.get(checkout.home);
      if (state?.share !== 'links') return [];
      const { topLevel, prefix } = state.repo;
      const folders = state.packageFolders.map((folder) => join(topLevel, folder, 'node_modules'));
      const changed = await findChangedSince(folders, sinceMs ?? state.furnishedAtMs);
      return changed.map((path) => toWorkspacePath(prefix, relative(topLevel, path)));
    },
    changedInTree: (repo, request) => changedInTree(host, repo, request),
    damagedObjects: (repo, sinceMs) => damagedObjects(userObjects(repo), sinceMs),
    sweepStale,
    claimFolder: writeOwner,
    discardFolder,
    isAbandoned,
    removeCheckout: async (checkout) => {
      owner.registry.delete(checkout.home);
      await discardFolder(checkout.home);
    },
  };
}
