import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { mergedBase } from '../slices/base';
import { readHandoff } from '../slices/gate-files';
import { runFolder, runSnapshot } from '../slices/run-folder';
import { findProof, sliceOf } from '../slices/slices';
import { runAgent } from '../agent/run-agent';
import type { Session } from '../session/session';

/**
 * Lets the one agent of a drafting wave work, and answers the text of the wave file that it wrote. The same goal on the same
 * number is paid once. Codes: those of an agent; draft-missing.
 */
export async function runDraft(session: Session): Promise<Result<string, Failure[]>> {
  const { wave, edges, repo } = session;
  const { path, project } = wave.identity;
  const [agent] = wave.agents;
  if (agent === undefined) throw new Error('a drafting wave has one agent');
  const report = await runAgent(session, agent);
  if (report.state === 'failed') return err(report.failures);
  const handoff = await readHandoff(session, agent.unitId);
  if (!handoff.ok) return err([handoff.error]);
  const proof = await findProof(session, handoff.value);
  if (!proof.ok) return err([proof.error]);
  const snapshot = await runSnapshot(session);
  if (!snapshot.ok) return err([snapshot.error]);
  const into = join(runFolder(session), `draft-${randomUUID()}`);
  const base = await mergedBase(session, { snapshot: snapshot.value, slices: [sliceOf(proof.value)], into });
  if (!base.ok) return err([base.error]);
  const bytes = await edges.git.readFileAt(repo, base.value, path);
  if (!bytes.ok) return err([bytes.error]);
  if (bytes.value === null)
    return err([
      failure('draft-missing', `The program has written no ${path}.`, {
        place: { wave: project, agentId: agent.unitId },
        next: 'Say the goal in other words, and draft again.',
      }),
    ]);
  return ok(Buffer.from(bytes.value).toString('utf8'));
}
