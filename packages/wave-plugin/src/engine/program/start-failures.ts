import { type Failure, failure } from '@nx-wave/schemas/plain';
import { type ExecutorAdapter } from '../../adapters/adapter';
import { cageFailed } from '../../core/cage/uncaged';
import { type ProcessExit } from '../../edges/processes/contracts';
import { commandOf } from './launch-notices';
import { type ProgramRequest } from './program';

function placeOf(run: ProgramRequest) {
  return { wave: run.wave.identity.project, agentId: run.agent.agentId, path: run.wave.identity.path };
}

function nameOf(run: ProgramRequest): string {
  return `agent ${run.agent.agentId} of ${run.wave.identity.project}`;
}

export function executorUnknown(run: ProgramRequest, executorId: string): Failure {
  const known = run.adapters.map((adapter) => adapter.executorId).join(', ');
  return failure('executor-unknown', `The executor "${executorId}" of ${nameOf(run)} does not exist.`, {
    place: placeOf(run),
    next: `Choose one of ${known} under "### Executor" in ${run.wave.identity.path}.`,
  });
}

export function executorUnavailable(run: ProgramRequest, adapter: ExecutorAdapter): Failure {
  const command = commandOf(run.wave, run.agent, adapter) ?? adapter.executorId;
  return failure(
    'executor-unavailable',
    `The program of ${nameOf(run)}, ${adapter.displayName}, was not found: "${command}" is not on PATH.`,
    {
      place: placeOf(run),
      next: `Install ${adapter.displayName}, set executors.${adapter.executorId}.command in wave.config.json, or choose another executor (executors.override).`,
      facts: { executor: adapter.executorId, command },
    },
  );
}

export function launchForbidden(run: ProgramRequest, adapter: ExecutorAdapter, reason: string): Failure {
  return failure(
    'executor-unavailable',
    `${adapter.displayName} is not started for ${nameOf(run)}: ${reason}.`,
    {
      place: placeOf(run),
    },
  );
}

export function programNotStarted(
  run: ProgramRequest,
  adapter: ExecutorAdapter,
  { errorCode, cageProblem }: Pick<ProcessExit, 'errorCode' | 'cageProblem'>,
): Failure {
  if (cageProblem !== undefined) return cageFailed(nameOf(run), cageProblem, placeOf(run));
  const command = commandOf(run.wave, run.agent, adapter) ?? adapter.executorId;
  return failure(
    'agent-spawn',
    `The program of ${nameOf(run)} could not be started: "${command}" (${errorCode}).`,
    {
      place: placeOf(run),
      next:
        errorCode === 'ENOENT'
          ? `Check the command under "### Executor" in ${run.wave.identity.path}: a program is looked for on PATH, a relative path in the checkout.`
          : 'Check that the program may be executed.',
      facts: { executor: adapter.executorId, command, errorCode },
    },
  );
}

/** Nobody knows what is left: a person says what the unknown part counts as. */
export function waveBudgetUnknown(run: Pick<ProgramRequest, 'wave' | 'agent'>, why: string): Failure {
  const spent = waveBudgetSpent(run, why);
  const { project } = run.wave.identity;
  return {
    ...spent,
    next: `Give that agent \`- budget.tokens:\` and \`- budget.usd:\` under ### Executor, which its run then counts as, then nx run ${project}:launch: finished work is kept.`,
  };
}

export function waveBudgetSpent(run: Pick<ProgramRequest, 'wave' | 'agent'>, excess: string): Failure {
  const { project, path } = run.wave.identity;
  return failure('wave-budget', `Agent ${run.agent.agentId} of ${project} is not started: ${excess}.`, {
    place: { wave: project, agentId: run.agent.agentId, path },
    next: `Raise "budget" in wave.config.json, then nx run ${project}:launch: finished work is kept.`,
  });
}
