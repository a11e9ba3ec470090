import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { ExecutorAdapter } from '../../adapters/adapter';
import { findAdapter } from '../../adapters/registry';
import type { ResolvedAgent } from '../../core/model';
import { describeUncounted, describeWaveExcess } from '../../core/spending';
import { decideRunMode } from '../../core/state/run-mode';
import { waveBudgetSpent, waveBudgetUnknown } from '../program/start-failures';
import { executorCageSettings, proofCageSettings, refuseUncaged } from '../session/cages';
import type { Session } from '../session/session';
import { readSpending } from '../session/spending';

/**
 * Whether an agent without stored proof may run now. `never` is answered before any program is looked up: CI needs no
 * CLI and no key to check proof.
 */
export function mayRun(
  session: Session,
  agent: ResolvedAgent,
  adapter: ExecutorAdapter | undefined,
): Result<void> {
  const { edges } = session;
  const { project } = session.wave.identity;
  const place = { wave: project, agentId: agent.unitId };
  const setting = edges.env['NX_CACHE_FAILURES'];
  if (setting !== undefined && setting !== '' && setting !== 'false') {
    return err(
      failure('cache-failures-set', 'NX_CACHE_FAILURES is set: Nx would store a failed agent as done.', {
        place,
        next: 'Unset NX_CACHE_FAILURES and run the same command again.',
      }),
    );
  }
  const mode = decideRunMode({
    requested: edges.env['NX_WAVE_RUN'],
    configured: session.wave.settings.run,
    ci: Boolean(edges.env['CI']),
  });
  if (!mode.ok) return mode;
  if (mode.value === 'never') return err(proofRequired(session, agent, 'the run mode is `never`'));
  if (adapter === undefined) {
    return err(
      failure('executor-unknown', `No adapter is registered for the executor "${agent.executor.id}".`, {
        place: {
          ...place,
          path: session.wave.identity.path,
          range: { start: { line: agent.line, column: 1 }, end: { line: agent.line, column: 1 } },
        },
        next: 'Correct `### Executor` of the agent.',
      }),
    );
  }
  if (mode.value === 'local-only' && !adapter.free) {
    return err(
      proofRequired(session, agent, `the run mode is \`local-only\` and ${adapter.displayName} costs money`),
    );
  }
  const { budget } = session.wave.settings;
  if (adapter.free) return ok(undefined);
  const spending = readSpending(session);
  const run = { wave: session.wave, agent };
  const excess = describeWaveExcess(spending, budget);
  if (excess !== null) return err(waveBudgetSpent(run, excess));
  const unknown = describeUncounted(spending, budget);
  return unknown === null ? ok(undefined) : err(waveBudgetUnknown(run, unknown));
}

function proofRequired(session: Session, agent: ResolvedAgent, why: string): Failure {
  const { project } = session.wave.identity;
  return failure(
    'proof-required',
    `Agent ${agent.unitId} of ${project} has no stored proof for its present inputs, and ${why}.`,
    {
      place: { wave: project, agentId: agent.unitId },
      next: `Run it where that is allowed and share the proof: NX_WAVE_RUN=auto nx run ${project}:${agent.target}`,
    },
  );
}

/** A cage that is required and cannot be had stops the agent before it is paid: its own, and that of its proof. */
export function refuseWithoutCage(session: Session, agent: ResolvedAgent): Promise<Failure | null> {
  const own = findAdapter(agent.executor.id, session.adapters)?.capabilities.sandboxModes ?? [];
  const needsOurs = own.length === 0 ? [executorCageSettings(session, agent.executor.id)] : [];
  return refuseUncaged(session, [...needsOurs, proofCageSettings(session)]);
}
