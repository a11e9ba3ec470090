import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ClaimHolder } from '@nx-wave/schemas';
import { ok, sha256, type Result } from '@nx-wave/schemas/plain';
import { storeKeys, type Backend } from '../../core/shared-store/backend';
import type { ClaimPeriods } from '../../core/shared-store/periods';
import { isStoreOutage } from '../../core/shared-store/store-failures';
import { describeFailure } from '../../core/views/describe-failure';
import { currentOwner, processStartTime } from '../../edges/lease/owner';
import { archiveLimits, packFolder, unpackArchive } from '../../edges/shared-store/archive';
import { bindStore, probeStore } from '../../edges/shared-store/examine-store';
import { readBundle, type Bundle } from '../../edges/store/bundle';
import { downloadArchive, uploadArchive } from '../claims/archives';
import type { ClaimsOptions, SharedClaims } from '../claims/contracts';
import { openSharedClaims } from '../claims/shared-claims';
import type { Edges } from './edges';

/** What the machines that share a store agree on, once the store has been bound to this repository and tried. */
export interface SharedWork {
  claims: SharedClaims;
  /** The run of CI that this process belongs to; of one command where there is none. */
  run: string;
  /**
   * Sends a folder as an archive; gives the digest that a claim may name. Codes: `store-unavailable`, `store-credentials`,
   * `store-object-damaged` where it is larger than it may be.
   */
  upload(kind: ArchiveKind, folder: string, limits?: UploadLimits): Promise<Result<string>>;
  /** An archive laid out in a folder of its own, while `use` reads it; null where it cannot be had, which is printed. */
  withArchive<T>(
    kind: ArchiveKind,
    digest: string,
    use: (folder: string) => Promise<T>,
  ): Promise<Result<T | null>>;
  /** The bundle of a digest in a folder of its own, which `use` may read; null where it cannot be had, which is printed. */
  withBundle<T>(digest: string, use: (bundle: Bundle) => Promise<T>): Promise<Result<T | null>>;
}

export type ArchiveKind = 'bundle' | 'checkpoint';

export interface UploadLimits {
  /** So long it is tried; as long as finished work waits where absent. */
  limitMs?: number;
  maxBytes?: number;
  signal?: AbortSignal;
}

/** The store of the configuration. Nothing is asked of it before somebody might be paid. */
export interface SharedPlace {
  /** What people call it. */
  name: string;
  periods: ClaimPeriods;
  /**
   * Opens, binds and probes it at the first call: once for each process. Codes: store-client-missing, store-credentials,
   * store-unavailable, store-unsafe, store-format, store-other-repository.
   */
  join(): Promise<Result<SharedWork>>;
}

export interface SharedPlaceRequest {
  edges: Edges;
  name: string;
  periods: ClaimPeriods;
  open(): Promise<Result<Backend>>;
  /** The name that the store is bound to. */
  repository(): Promise<Result<string>>;
}

export function openSharedPlace(request: SharedPlaceRequest): SharedPlace {
  let joined: Promise<Result<SharedWork>> | null = null;
  return {
    name: request.name,
    periods: request.periods,
    join: () => (joined ??= joinStore(request)),
  };
}

async function joinStore({ edges, periods, ...of }: SharedPlaceRequest): Promise<Result<SharedWork>> {
  const repository = await of.repository();
  if (!repository.ok) return repository;
  const backend = await of.open();
  if (!backend.ok) return backend;
  const tools = {
    backend: backend.value,
    nonce: randomUUID,
    pause: () => edges.clock.sleep(periods.retryMs, edges.signal),
  };
  const bound = await bindStore(tools, repository.value);
  if (!bound.ok) return bound;
  const safe = await probeStore(tools);
  return safe.ok ? ok(openSharedWork({ backend: backend.value, edges, periods })) : safe;
}

interface SharedWorkRequest extends Pick<SharedPlaceRequest, 'edges' | 'periods'> {
  backend: Backend;
}

function openSharedWork({ backend, edges, periods }: SharedWorkRequest): SharedWork {
  const options = claimsOptions({ backend, edges, periods });
  const withArchive: SharedWork['withArchive'] = async (kind, digest, use) => {
    const place = { key: storeKeys[kind](digest), digest };
    const archive = await downloadArchive(options, place, { signal: edges.signal });
    if (!archive.ok) return isStoreOutage(archive.error) ? archive : miss(archive.error.message);
    return withScratch(edges, async (home) => {
      const folder = join(home, 'archive');
      const unpacked = await unpackArchive(archive.value, folder);
      return unpacked.ok ? ok(await use(folder)) : miss(unpacked.error.message);
    });
  };
  return {
    claims: openSharedClaims(options),
    run: options.run,
    async upload(kind, folder, { limitMs = periods.settleMs, maxBytes, signal = edges.signal } = {}) {
      const limits = maxBytes === undefined ? archiveLimits : { ...archiveLimits, bytes: maxBytes };
      const packed = await packFolder(folder, limits);
      if (!packed.ok) return packed;
      const digest = sha256(packed.value);
      const place = { key: storeKeys[kind](digest), digest };
      const uploaded = await uploadArchive(options, place, { bytes: packed.value, limitMs, signal });
      return uploaded.ok ? ok(digest) : uploaded;
    },
    withArchive,
    async withBundle(digest, use) {
      const used = await withArchive('bundle', digest, async (folder) => {
        const bundle = await readBundle(folder);
        return bundle.ok ? ok(await use(bundle.value)) : miss(bundle.error.message);
      });
      return used.ok ? (used.value ?? ok(null)) : used;
    },
  };

  function miss(reason: string): Result<null> {
    edges.print(`warning: ${reason}`);
    return ok(null);
  }
}

/** A private folder for what is sent or was received. Its owner is noted: what a killed command leaves is swept by the next one. */
export async function withScratch<T>(
  { git, scratchRoot, print }: Pick<Edges, 'git' | 'scratchRoot' | 'print'>,
  use: (home: string) => Promise<T>,
): Promise<T> {
  const home = join(scratchRoot, `archive-${randomUUID().slice(0, 8)}`);
  await git.claimFolder(home, currentOwner()).catch(() => undefined);
  try {
    return await use(home);
  } finally {
    const left = await git.discardFolder(home);
    if (left !== null) print(describeFailure(left));
  }
}

function claimsOptions({ backend, edges, periods }: SharedWorkRequest): ClaimsOptions {
  const { clock, env, runOwner, runId } = edges;
  return {
    backend,
    periods,
    clock: {
      moment: () => ({
        wallMs: clock.epochMs?.() ?? edges.now().getTime(),
        steadyMs: clock.now(),
      }),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
    run: env['NX_CI_EXECUTION_ID'] ?? `${runOwner.host}/${runId}`,
    holder: holderOf,
    nonce: randomUUID,
    isDead,
    endMarked: (token) => edges.processes.endMarked(token),
    print: (line) => edges.print(line),
  };
}

function holderOf(token: string): ClaimHolder {
  const { host, bootId, pidSpace, pid, startTime } = currentOwner();
  return { token, host, boot: bootId, pidSpace, pid, started: startTime };
}

/** Only where the process table is the same one: names of hosts come twice, and another boot may be another machine. */
function isDead({ host, boot, pidSpace, pid, started }: ClaimHolder): boolean {
  const here = currentOwner();
  const isHere = host === here.host && boot !== '' && boot === here.bootId && pidSpace === here.pidSpace;
  return isHere && processStartTime(pid) !== started;
}
