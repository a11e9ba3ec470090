import { join } from 'node:path';
import { type Result } from '@nx-wave/schemas/plain';
import { acquireLease, type Lease } from '../../edges/lease/lease';
import type { Session } from './session';

/** Folder of the lease of a work key. */
export function leaseFolder({ durableRoot }: Pick<Session, 'durableRoot'>, workKey: string): string {
  return join(durableRoot, 'leases', workKey);
}

/**
 * The right to run an agent for a work key across the worktrees of a repository. Other clones and machines are kept away by
 * the claim of a shared store, which is taken after it.
 */
export function acquireWorkLease(session: Session, unitId: string, workKey: string): Promise<Result<Lease>> {
  const { edges } = session;
  return acquireLease({
    folder: leaseFolder(session, workKey),
    signal: edges.signal,
    onWait: ({ pid, host }: { pid: number; host: string }) =>
      edges.print(`waiting: process ${pid} is already running agent ${unitId}${elsewhere(host)}`),
    onTakeover: async (marker: string) => void (await edges.processes.endMarked(marker)),
  });

  function elsewhere(host: string): string {
    return host === edges.runOwner.host ? '' : ` on ${host}`;
  }
}
