import { join } from 'node:path';
import { err, ok, type Result } from '@nx-wave/schemas/plain';
import { acquireLease, type Lease } from '../../edges/lease/lease';
import type { Session } from './session';

/** Folders of the leases of a work key: this repository's, then that of a shared store that other clones use too. */
export function leaseFolders(session: Session, workKey: string): [string, ...string[]] {
  const shared = session.proofs.sharedLeases;
  const own = join(session.durableRoot, 'leases', workKey);
  return shared === null ? [own] : [own, join(shared, workKey)];
}

/**
 * The right to run an agent for a work key: across the worktrees of a repository and, with a shared store, across the
 * clones that use it. Always taken in the same order, so that nobody waits in a ring.
 */
export async function acquireWorkLease(
  session: Session,
  unitId: string,
  workKey: string,
): Promise<Result<Lease>> {
  const { edges } = session;
  const [own, ...shared] = leaseFolders(session, workKey);
  const request = {
    signal: edges.signal,
    onWait: ({ pid, host }: { pid: number; host: string }) =>
      edges.print(`waiting: process ${pid} is already running agent ${unitId}${elsewhere(host)}`),
    onTakeover: async (marker: string) => void (await edges.processes.endMarked(marker)),
  };
  const first = await acquireLease({ ...request, folder: own });
  if (!first.ok) return first;
  const held = [first.value];
  const release = async () => {
    for (const lease of held.reverse()) await lease.release();
  };
  for (const folder of shared) {
    const lease = await acquireLease({ ...request, folder, marker: first.value.marker });
    if (lease.ok) held.push(lease.value);
    else if (edges.signal.aborted) {
      await release();
      return err(lease.error);
    } else {
      // A shared store may be one that this machine can only read.
      edges.print(`warning: other clones may run agent ${unitId} at the same time: ${lease.error.message}`);
    }
  }
  return ok({ marker: first.value.marker, release });

  function elsewhere(host: string): string {
    return host === edges.runOwner.host ? '' : ` on ${host}`;
  }
}
