import { join } from 'node:path';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import type { AdapterIo } from '../../adapters/adapter';
import { findAdapter } from '../../adapters/registry';
import type { CageGrants } from '../../core/cage/cage-policy';
import { describeCage } from '../../core/cage/hold-cage';
import type { ResolvedAgent } from '../../core/model';
import type { PlannedCommand, PlannedUnit } from '../../core/views/plan';
import { parseJson } from '../../core/parse-json';
import { envelopePlace, envelopeSchemaName, envelopeSchemaText } from '../agent/envelope-file';
import { describeLaunch, type DescribedLaunch } from '../program/describe-launch';
import { commandOf } from '../program/launch-notices';
import { executorCageSettings, plannedCage, proofCageSettings, type CageSettings } from '../session/cages';
import type { Session } from '../session/session';

/** Stands for the private checkout, which a dry run does not make. */
const checkout = {
  workspaceDir: '/checkout',
  scratchDir: '/scratch',
  tmpDir: '/temp',
  env: { NX_CACHE_DIRECTORY: '/nx/cache', NX_WORKSPACE_DATA_DIRECTORY: '/nx/data' },
};

/** What a planned prompt and a planned command say of the envelope. */
export const plannedEnvelope = {
  envelopePath: join(checkout.workspaceDir, envelopePlace),
  schemaPath: join(checkout.scratchDir, envelopeSchemaName),
};

/** The launch of an agent as data, made by its adapter like a real one. Nothing is looked up on PATH and nothing is started. */
export function plannedCommand(session: Session, agent: ResolvedAgent): Result<PlannedCommand> {
  const described = describePlanned(session, agent);
  if (!described.ok) return described;
  const { spec, notices } = described.value;
  const { redact } = session.redactor;
  return ok({
    command: spec.command,
    args: spec.args.map((word) => redact(word)),
    env: Object.keys(spec.env).sort(),
    files: spec.files.map(({ path }) => path).sort(),
    notices: notices.map((notice) => redact(notice)),
  });
}

/**
 * The cages of an agent and of its proof in words. A program's own sandbox is tried when it is launched, so a plan names what
 * stands in for it.
 */
export async function plannedCages(session: Session, agent: ResolvedAgent): Promise<PlannedUnit['cage']> {
  const described = describePlanned(session, agent);
  const { needs, ownSandbox } = described.ok ? described.value.spec : {};
  const words = async (settings: CageSettings, more: readonly CageGrants[]): Promise<string> => {
    const planned = await plannedCage(session, settings, { needs: more });
    return planned.ok ? describeCage(planned.value, planned.value.folders) : `none: ${planned.error.message}`;
  };
  const settings = executorCageSettings(session, agent.executor.id);
  const ours = await words(settings, needs === undefined ? [] : [needs]);
  const own = ownSandbox !== undefined && settings.isolation !== 'off';
  return {
    agent: own ? `the sandbox of the program itself; where that does not work, ${ours}` : ours,
    proofs: await words(proofCageSettings(session), []),
  };
}

function describePlanned(session: Session, agent: ResolvedAgent): Result<DescribedLaunch> {
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
  return describeLaunch({
    wave: session.wave,
    agent,
    adapter,
    checkout,
    prompt: '',
    envelopePath: plannedEnvelope.envelopePath,
    envelopeSchemaPath: plannedEnvelope.schemaPath,
    envelopeSchema: parseJson(envelopeSchemaText(agent)),
    io: workspaceAsCheckout(session, edges.adapterIo),
    baseEnv: session.programEnv,
    variables: {},
    resumeSessionId: null,
  });
}

/** Settings that a wave names are read from the workspace, where the checkout will have them from. */
function workspaceAsCheckout(session: Session, io: AdapterIo): AdapterIo {
  const real = (path: string) =>
    path.startsWith(`${checkout.workspaceDir}/`)
      ? session.at(path.slice(checkout.workspaceDir.length + 1))
      : path;
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
