import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ClaimHolder } from '@nx-wave/schemas';
import { ok, sha256, type Result } from '@nx-wave/schemas/plain';
import { storeKeys, type Backend } from '../../core/shared-store/backend';
import { defaultPeriods, type ClaimPeriods } from '../../core/shared-store/periods';
import { removePath } from '../../edges/files/remove';
import { currentOwner, processStartTime } from '../../edges/lease/owner';
import { packFolder, unpackArchive } from '../../edges/shared-store/archive';
import { readBundle, type Bundle } from '../../edges/store/bundle';
import { downloadArchive, uploadArchive } from '../claims/archives';
import type { ClaimsOptions, SharedClaims } from '../claims/contracts';
import { openSharedClaims } from '../claims/shared-claims';
import type { Edges } from './edges';

/** What the machines that share a store agree on. */
export interface SharedWork {
  claims: SharedClaims;
  /** Gives the digest that a claim may name. Code: `store-unavailable`. */
  upload(bundle: Bundle): Promise<Result<string>>;
  /** The bundle of a digest in a folder of its own, which `use` may read; null where it cannot be had, which is printed. */
  withBundle<T>(digest: string, use: (bundle: Bundle) => Promise<T>): Promise<Result<T | null>>;
}

export interface SharedWorkRequest {
  backend: Backend;
  edges: Edges;
  /** For archives that are laid out: removed again. */
  scratch: string;
  periods?: ClaimPeriods;
}

export function openSharedWork({ backend, edges, scratch, periods }: SharedWorkRequest): SharedWork {
  const options: ClaimsOptions = {
    backend,
    periods: periods ?? defaultPeriods,
    clock: {
      moment: () => ({
        wallMs: edges.clock.epochMs?.() ?? edges.now().getTime(),
        steadyMs: edges.clock.now(),
      }),
      sleep: (ms, signal) => edges.clock.sleep(ms, signal),
    },
    run: edges.env['NX_CI_EXECUTION_ID'] ?? edges.runId,
    holder: holderOf,
    nonce: randomUUID,
    isDead,
    endMarked: (token) => edges.processes.endMarked(token),
    print: (line) => edges.print(line),
  };
  return {
    claims: openSharedClaims(options),
    async upload({ folder }) {
      const packed = await packFolder(folder);
      if (!packed.ok) return packed;
      const digest = sha256(packed.value);
      const uploaded = await uploadArchive(
        options,
        { key: storeKeys.bundle(digest), digest },
        { bytes: packed.value, limitMs: options.periods.settleMs, signal: edges.signal },
      );
      return uploaded.ok ? ok(digest) : uploaded;
    },
    async withBundle(digest, use) {
      const archive = await downloadArchive(
        options,
        { key: storeKeys.bundle(digest), digest },
        { signal: edges.signal },
      );
      if (!archive.ok)
        return archive.error.code === 'store-unavailable' ? archive : miss(archive.error.message);
      const folder = join(scratch, randomUUID());
      try {
        const unpacked = await unpackArchive(archive.value, folder);
        if (!unpacked.ok) return miss(unpacked.error.message);
        const bundle = await readBundle(folder);
        return bundle.ok ? ok(await use(bundle.value)) : miss(bundle.error.message);
      } finally {
        await removePath(folder);
      }
    },
  };

  function miss(reason: string): Result<null> {
    edges.print(`warning: ${reason}`);
    return ok(null);
  }
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
