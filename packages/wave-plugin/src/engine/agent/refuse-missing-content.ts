import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { contentNeeds, describeNeed } from '../../core/validate/lfs-content';
import { toWorkspacePath } from '../../edges/git/paths';
import type { AgentRun } from './attempt';
import type { PreparedCheckout } from './prepare-checkout';

/**
 * Refuses to pay an agent for work on a pointer: its checkout lacks the Git LFS content of a file that it owns, is told to
 * read or is proved with. Codes: lfs-content-missing.
 */
export function refuseMissingContent(
  { session, agent }: Pick<AgentRun, 'session' | 'agent'>,
  { checkout }: Pick<PreparedCheckout, 'checkout'>,
): Result<void> {
  const { identity, settings } = session.wave;
  const missing = checkout.withoutContent.map((topPath) => ({
    topPath,
    path: toWorkspacePath(session.repo.prefix, topPath),
  }));
  const tests = settings.testCommand === null ? [] : [settings.testCommand];
  const [need] = contentNeeds({ ...agent, proofCommands: [...agent.proofCommands, ...tests] }, missing);
  if (need === undefined) return ok(undefined);
  const line = { line: agent.line, column: 1 };
  const place = {
    wave: identity.project,
    agentId: agent.unitId,
    path: identity.path,
    range: { start: line, end: line },
  };
  const { message, next } = describeNeed(need);
  return err(failure('lfs-content-missing', message, { place, next }));
}
