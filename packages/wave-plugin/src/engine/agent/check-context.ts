import { join } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { absent } from '../../core/digest/context-entries';
import type { ResolvedAgent } from '../../core/model';
import { placeInside } from '../../edges/files/place-inside';
import { hashFile } from '../../edges/files/read-file';
import type { AgentInputs } from './agent-inputs';
import type { AgentRun } from './attempt';
import { isWorkingTree } from '../slices/run-folder';
import type { PreparedCheckout } from './prepare-checkout';

/**
 * Whether the checkout has each context file with the very bytes that the work key counts. What an earlier slice changed, what git
 * stores in another form and folders, which may hold more than the key counts, are for git to compare.
 */
async function holdsContext(
  { checkout }: PreparedCheckout,
  agent: ResolvedAgent,
  { context }: AgentInputs,
): Promise<boolean> {
  if (agent.contextPaths.some((path) => path.endsWith('/'))) return false;
  for (const [path, content] of context) {
    const place = await placeInside(checkout.workspaceDir, path);
    if (place === null || ((await hashFile(place).catch(() => null)) ?? absent) !== content) return false;
  }
  return true;
}

/**
 * Refuses to start an agent whose context files are not those that its work key was made from: they were edited after
 * the command began, or, where `CI` is set, are not committed. The agent would work on the one version, and its proof
 * would be served for the other.
 */
export async function checkContext(
  { session, agent, inputs }: AgentRun,
  prepared: PreparedCheckout,
): Promise<Result<void>> {
  const { edges } = session;
  const paths = inputs.context.map(([path]) => path);
  if (await holdsContext(prepared, agent, inputs)) return ok(undefined);
  if (await isWorkingTree(session, prepared.snapshot)) return ok(undefined);
  const now = await edges.git.snapshot(session.repo, {
    mode: 'worktree',
    into: join(prepared.home, 'now'),
    exclude: [session.wave.identity.stateRoot],
  });
  if (!now.ok) return now;
  const [given, present] = [
    await edges.git.entriesAt(session.repo, prepared.snapshot, paths),
    await edges.git.entriesAt(session.repo, now.value, paths),
  ];
  if (!given.ok) return given;
  if (!present.ok) return present;
  const changed = paths.filter((path) => given.value[path]?.oid !== present.value[path]?.oid);
  const [first] = changed;
  if (first === undefined) return ok(undefined);
  const { project } = session.wave.identity;
  const why = edges.env['CI'] ? 'not committed as it stands' : 'edited since this command began';
  return err(
    failure(
      'context-changed',
      `${changed.join(', ')}, which agent ${agent.unitId} is told to read, was ${why}.`,
      {
        place: { wave: project, agentId: agent.unitId, path: first },
        next: edges.env['CI'] ? `Commit ${first}, then nx run ${project}:launch` : `nx run ${project}:launch`,
      },
    ),
  );
}
