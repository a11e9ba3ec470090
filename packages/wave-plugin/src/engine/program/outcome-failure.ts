import { type Failure, type FailureCode, failure } from '@nx-wave/schemas/plain';
import { type ExecutorAdapter, type ProgramOutcome } from '../../adapters/adapter';
import { describeDuration } from '../../core/duration';
import { type ResolvedAgent, type ResolvedWave } from '../../core/model';

type Unsuccessful = Exclude<ProgramOutcome, { kind: 'success' }>;

interface Who {
  adapter: ExecutorAdapter;
  agent: ResolvedAgent;
  wave: ResolvedWave;
  transcriptPath?: string | undefined;
}

interface Explanation {
  code: FailureCode;
  /** After the name of the agent. */
  sentence: string;
  next(who: Who, again: string): string;
}

const comeBack: Explanation['next'] = (_who, again) =>
  `Run ${again} later: finished work is kept. limits.rateLimitWaitMinutes and "fallbacks" decide how long a run waits.`;
const readTranscript: Explanation['next'] = ({ transcriptPath }, again) =>
  `Read ${transcriptPath ?? 'the transcript of the attempt'}, then ${again}.`;

const explanations: Record<Unsuccessful['kind'], Explanation> = {
  refused: { code: 'agent-refused', sentence: 'declined the task', next: readTranscript },
  unclear: {
    code: 'agent-unclear',
    sentence: 'left without saying clearly that it is done',
    next: readTranscript,
  },
  crash: { code: 'agent-exit', sentence: 'did not end well', next: readTranscript },
  'turn-limit': {
    code: 'agent-turn-limit',
    sentence: 'used up its turns',
    next: ({ agent, wave }, again) =>
      `Raise the turn limit of agent ${agent.agentId} in ${wave.identity.path}, then ${again}: the next attempt starts from what was done.`,
  },
  'too-long': {
    code: 'agent-too-long',
    sentence: 'has more to read or to say than its model can hold',
    next: ({ agent, wave }, again) =>
      `Divide the task of agent ${agent.agentId} in ${wave.identity.path}, or name a model that holds more, then ${again}: the next attempt starts from what was done.`,
  },
  budget: {
    code: 'agent-budget',
    sentence: 'reached its budget',
    next: ({ agent, wave }, again) =>
      `Raise the budget of agent ${agent.agentId} in ${wave.identity.path}, or that of the wave in wave.config.json, then ${again}: the next attempt starts from what was done.`,
  },
  quota: {
    code: 'agent-quota',
    sentence: 'has no quota left',
    next: ({ agent }, again) =>
      `Raise the quota of the account, or name "fallbacks" under "### Executor" of agent ${agent.agentId}, then ${again}.`,
  },
  auth: {
    code: 'agent-auth',
    sentence: 'was not let in by its service',
    next: ({ adapter }, again) =>
      `Log in to ${adapter.displayName} or set one of ${loginNames(adapter)}, then ${again}.`,
  },
  'rate-limit': {
    code: 'agent-rate-limited',
    sentence: 'is limited by its service for longer than this run may wait',
    next: comeBack,
  },
  overload: { code: 'agent-overloaded', sentence: 'found its service overloaded', next: comeBack },
  network: { code: 'agent-network', sentence: 'could not reach its service', next: comeBack },
  timeout: {
    code: 'agent-timeout',
    sentence: 'ran past its time limit',
    next: ({ agent }, again) =>
      `Raise budget.minutes of agent ${agent.agentId} or limits.attemptMinutes, then ${again}: the next attempt starts from what was done.`,
  },
  exhausted: {
    code: 'agent-exhausted',
    sentence: 'used more of the machine than it may and was ended',
    next: ({ agent, wave }, again) =>
      `Raise that limit in wave.config.json where the task needs it, or divide the task of agent ${agent.agentId} in ${wave.identity.path}, then ${again}: the next attempt starts from what was done.`,
  },
  idle: {
    code: 'agent-idle',
    sentence: 'was silent past its idle limit',
    next: (_who, again) => `Raise limits.idleMinutes if silence is normal for this task, then ${again}.`,
  },
  cancelled: {
    code: 'agent-cancelled',
    sentence: 'was cancelled',
    next: (_who, again) => `${again} goes on from what was done.`,
  },
};

/** What a person is told when a program did not do its work, and what they can do. */
export function outcomeFailure(outcome: Unsuccessful, who: Who, killedBy: string | null): Failure {
  const { adapter, agent, wave } = who;
  const { code, sentence, next } = explanations[outcome.kind];
  const resetMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : null;
  const reset = resetMs === null ? '' : ` It may be asked again in ${describeDuration(resetMs)}.`;
  return failure(
    outcome.kind === 'crash' && killedBy !== null ? 'agent-killed' : code,
    `Agent ${agent.agentId} of ${wave.identity.project} (${adapter.displayName}) ${sentence}: ${outcome.detail.replace(/[.…]+$/, '')}.${reset}`,
    {
      place: { wave: wave.identity.project, agentId: agent.agentId, path: wave.identity.path },
      next: next(who, `nx run ${wave.identity.project}:launch`),
      facts: { executor: adapter.executorId, outcome: outcome.kind, retryAfterMs: resetMs },
    },
  );
}

/** What a person is told of tools that a program was not allowed to use; null where it told of none. */
export function denialFailure(denials: readonly string[], { adapter, agent, wave }: Who): Failure | null {
  if (denials.length === 0) return null;
  const key = adapter.allowKey === undefined ? 'its executor' : `${adapter.executorId}.${adapter.allowKey}`;
  return failure(
    'agent-tools-denied',
    `Agent ${agent.agentId} of ${wave.identity.project} (${adapter.displayName}) was not allowed to use ${denials.join(', ')}.`,
    {
      place: { wave: wave.identity.project, agentId: agent.agentId, path: wave.identity.path },
      next: `Allow what it needs in ${key} under "### Executor" of agent ${agent.agentId} in ${wave.identity.path}, then nx run ${wave.identity.project}:launch.`,
    },
  );
}

/** Of the variables of a program those that hold a login, not a folder or an address. */
function loginNames(adapter: ExecutorAdapter): string {
  return adapter.envNames.filter((name) => /KEY|TOKEN|AUTH/.test(name)).join(', ') || 'its variables';
}
