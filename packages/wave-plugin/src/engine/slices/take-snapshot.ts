import type { Result } from '@nx-wave/schemas/plain';
import type { Snapshot } from '../../edges/git/contracts';
import type { Session } from '../session/session';

/** `head` where `CI` is set: there the checked-out commit is what everyone means. */
export function snapshotMode(env: Readonly<Record<string, string>>): 'worktree' | 'head' {
  return env['CI'] ? 'head' : 'worktree';
}

/** The workspace as it is now. */
export async function takeSnapshot(session: Session, into: string): Promise<Result<Snapshot>> {
  const { edges } = session;
  const snapshot = await edges.git.snapshot(session.repo, {
    mode: snapshotMode(edges.env),
    into,
    exclude: [session.wave.identity.stateRoot],
  });
  if (snapshot.ok) for (const warning of snapshot.value.warnings) edges.print(`warning: ${warning.message}`);
  return snapshot;
}
