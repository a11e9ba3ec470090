import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { groundPathsOf, ignoredDeliverable } from '../../core/validate/ground';
import { readIgnored } from '../../edges/git/wave-ground';
import type { Session } from '../session/session';

/** A finding of lint that the task of an agent refuses, too, before anything is paid. */
export function stopsAgent({ code, severity }: Failure): boolean {
  return severity === 'error' && (code === 'deliverable-ignored' || code === 'lfs-content-missing');
}

/** Refuses to pay an agent for what no slice can hold. What git does not tell stops nobody. Codes: deliverable-ignored. */
export async function refuseIgnored(session: Session, agent: ResolvedAgent): Promise<Result<void>> {
  const { repo, edges, wave } = session;
  const promised = groundPathsOf({ agents: [{ ...agent, ownedPaths: [] }], identity: wave.identity });
  const ignored = promised.length === 0 ? null : await readIgnored(repo, edges.env, promised);
  if (ignored === null || !ignored.ok) return ok(undefined);
  for (const [path, hidden] of ignored.value.ignored) {
    const { severity, ...saying } = ignoredDeliverable(path, hidden, wave);
    if (severity !== 'error') continue;
    const line = { line: agent.line, column: 1 };
    const place = {
      wave: wave.identity.project,
      agentId: agent.unitId,
      path: wave.identity.path,
      range: { start: line, end: line },
    };
    return err(failure('deliverable-ignored', saying.message, { place, next: saying.next }));
  }
  return ok(undefined);
}
