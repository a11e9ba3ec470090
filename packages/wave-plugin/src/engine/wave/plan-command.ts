import { join } from 'node:path';
import { resultEnvelopeSchema } from '@nx-wave/schemas';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import type { AdapterIo } from '../../adapters/adapter';
import { findAdapter } from '../../adapters/registry';
import type { ResolvedAgent } from '../../core/model';
import type { PlannedCommand } from '../../core/views/plan';
import { agentEnvironment } from '../../edges/processes/environment';
import { commandOf, launchNotices } from '../program/launch-notices';
import type { Session } from '../session/session';

/** Stand for the private checkout and its scratch folder, which a dry run does not make. */
export const checkoutName = '/checkout';
export const scratchName = '/scratch';

/** The launch of an agent as data, made by its adapter like a real one. Nothing is looked up on PATH and nothing is started. */
export function plannedCommand(session: Session, agent: ResolvedAgent): Result<PlannedCommand> {
  const { edges } = session;
  const adapter = findAdapter(agent.executor.id, session.adapters);
  if (adapter === null) {
    return err(
      failure('executor-unknown', `No adapter is registered for the executor "${agent.executor.id}".`, {
        place: {
          wave: session.wave.identity.project,
          agentId: agent.unitId,
          path: session.wave.identity.path,
        },
        next: 'Correct `### Executor` of the agent.',
      }),
    );
  }
  const settings = session.wave.settings.executors[adapter.executorId] ?? {};
  const spec = adapter.buildLaunchSpec(agent, session.wave, {
    prompt: '',
    checkoutDir: checkoutName,
    scratchDir: scratchName,
    envelopePath: join(checkoutName, '.nx-wave', 'envelope.json'),
    envelopeSchemaPath: join(scratchName, 'result-envelope.schema.json'),
    envelopeSchema: z.toJSONSchema(resultEnvelopeSchema, { unrepresentable: 'any' }),
    io: workspaceAsCheckout(session, edges.adapterIo),
    env: agentEnvironment(edges.env, {
      allow: Array.isArray(settings['env']) ? settings['env'].map(String) : [],
      adapterNames: [...adapter.envNames],
      set: {},
    }),
    resumeSessionId: null,
  });
  if (!spec.ok) return spec;
  const { redact } = session.redactor;
  return ok({
    command: spec.value.command,
    args: spec.value.args.map((word) => redact(word)),
    env: Object.keys(spec.value.env).sort(),
    files: spec.value.files.map(({ path }) => path).sort(),
    notices: launchNotices(spec.value, { wave: session.wave, agent, adapter }).map((notice) =>
      redact(notice),
    ),
  });
}

/** Settings that a wave names are read from the workspace, where the checkout will have them from. */
function workspaceAsCheckout(session: Session, io: AdapterIo): AdapterIo {
  const real = (path: string) =>
    path.startsWith(`${checkoutName}/`) ? session.at(path.slice(checkoutName.length + 1)) : path;
  return {
    readFile: (path) => io.readFile(real(path)),
    exists: (path) => io.exists(real(path)),
    which: (command) => io.which(command),
  };
}

/** Whether the program of an executor is on PATH, as the agent would be given it. */
export function isAvailable(session: Session, agent: ResolvedAgent, executorId: string): boolean {
  const { edges } = session;
  const adapter = findAdapter(executorId, session.adapters);
  if (adapter === null) return false;
  return adapter.isAvailable(edges.adapterIo, commandOf(session.wave, agent, adapter));
}
