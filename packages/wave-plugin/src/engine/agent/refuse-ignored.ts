import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import { createLocator } from '../../core/resolve/locate';
import { groundPathsOf, ignoredPromise, promisesOf } from '../../core/validate/ground';
import { readText } from '../../edges/files/read-file';
import { readIgnored } from '../../edges/git/wave-ground';
import type { Session } from '../session/session';

/** A finding of lint that the task of an agent refuses, too, before anything is paid. */
export function stopsAgent({ code, severity }: Failure): boolean {
  return severity === 'error' && (code === 'deliverable-ignored' || code === 'lfs-content-missing');
}

/**
 * Refuses to pay an agent for what no slice can hold. What git does not tell stops nobody, and is said.
 * Codes: deliverable-ignored.
 */
export async function refuseIgnored(session: Session, agent: ResolvedAgent): Promise<Result<void>> {
  const { repo, edges, wave } = session;
  const { path, project } = wave.identity;
  const promised = groundPathsOf({ ...wave, agents: [{ ...agent, ownedPaths: [] }] });
  if (promised.length === 0) return ok(undefined);
  const ignored = await readIgnored(repo, edges.env, promised);
  if (!ignored.ok) {
    const { message } = ignored.error;
    edges.print(`warning: whether git ignores what ${agent.unitId} promises is not known: ${message}`);
    return ok(undefined);
  }
  for (const promise of promisesOf(agent, wave.levels)) {
    const hidden = ignored.value.ignored.get(promise.path);
    const saying = hidden && ignoredPromise(promise, hidden, wave);
    if (saying?.severity !== 'error') continue;
    const locator = createLocator(path, project, (await readText(session.at(path))) ?? undefined);
    const blamed = { agentId: agent.unitId, line: agent.line };
    const blame = { agent: blamed, section: promise.section, needle: promise.path };
    return err(locator.failure('deliverable-ignored', blame, saying));
  }
  return ok(undefined);
}
