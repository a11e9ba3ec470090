import { type Usage } from '@nx-wave/schemas';
import { type Failure, ok } from '@nx-wave/schemas/plain';
import { type ExecutorAdapter, type ProgramOutcome, type SupervisionAdvice } from '../../adapters/adapter';
import { findAdapter } from '../../adapters/registry';
import { addSpending, nothingSpent, spendingOf, untoldSpending, type Spending } from '../../core/spending';
import { addUsage, assumedUsage, describeUsage, freeUsage } from '../../core/usage';
import { commandOf } from './launch-notices';
import { launchOnce, settleShared, type LaunchResult } from './launch-once';
import { describeDuration } from '../../core/duration';
import { outcomeFailure } from './outcome-failure';
import { type ProgramRequest, type ProgramResult } from './program';
import {
  executorUnavailable,
  executorUnknown,
  launchForbidden,
  programNotStarted,
  waveBudgetSpent,
} from './start-failures';

const goOn = 'You were interrupted. Go on where you stopped and finish the task as it was given to you.';

/**
 * Runs one agent to the end of its program: picks the first executor of the chain that is there, starts it under
 * supervision, waits and starts again where its service asks to wait, falls back along the chain where it cannot
 * work, and stops otherwise. Whether the work is any good is judged elsewhere, from the files.
 */
export async function runProgram(run: ProgramRequest): Promise<ProgramResult> {
  const chain = run.resume === null ? run.chain : run.chain.slice(0, 1);
  const notices = new Set<string>();
  const tally: Tally = { spending: nothingSpent, usage: null };
  let result = nothingRan(run, run.chain[0] ?? '');
  for (const [index, executorId] of chain.entries()) {
    const turn = await runExecutor(forExecutor(run, executorId), executorId, tally);
    turn.result.notices.forEach((notice) => notices.add(notice));
    // A fallback that cannot be started takes nothing away from what the one before has done and said.
    const keepsEarlier = turn.result.exit === null && result.exit !== null;
    result = { ...(keepsEarlier ? result : turn.result), notices: [...notices] };
    const next = chain[index + 1];
    if (!turn.mayFallBack || next === undefined || run.signal.aborted) break;
    const reason = result.failure?.message ?? '';
    run.recordEvent('program.fell-back', { from: executorId, to: next, reason });
    run.onLine(`falls back from ${executorId} to ${next}: ${reason}`);
  }
  return result;
}

/** A model belongs to the program that it was named for: a fallback takes its own default. */
function forExecutor(run: ProgramRequest, executorId: string): ProgramRequest {
  const { agent } = run;
  if (executorId === agent.executor.id) return run;
  return { ...run, agent: { ...agent, executor: { ...agent.executor, model: null } } };
}

/** What this run has spent so far, over all its programs. */
interface Tally {
  spending: Spending;
  usage: Usage | null;
}

interface Turn {
  result: ProgramResult;
  /** True where another executor could do what this one cannot. */
  mayFallBack: boolean;
}

async function runExecutor(run: ProgramRequest, executorId: string, tally: Tally): Promise<Turn> {
  const { usage } = tally;
  const adapter = findAdapter(executorId, run.adapters);
  if (adapter === null)
    return notStarted(run, { executorId, usage, why: executorUnknown(run, executorId), mayFallBack: false });
  if (!adapter.isAvailable(run.edges.io, commandOf(run.wave, run.agent, adapter))) {
    return notStarted(run, { executorId, usage, why: executorUnavailable(run, adapter), mayFallBack: true });
  }
  const advice = adapter.supervisionHooks.onLaunch();
  if (advice.do === 'stop' || advice.do === 'fall-back') {
    const why = launchForbidden(run, adapter, advice.reason);
    return notStarted(run, { executorId, usage, why, mayFallBack: advice.do === 'fall-back' });
  }
  const slot = await takeSlot(run, adapter);
  if (!slot.ok) return notStarted(run, { executorId, usage, why: slot.error, mayFallBack: false });
  try {
    return await launchUntilDone(run, adapter, tally);
  } finally {
    await slot.value?.release();
  }
}

/** Starts one program as often as its service asks to wait. */
async function launchUntilDone(run: ProgramRequest, adapter: ExecutorAdapter, tally: Tally): Promise<Turn> {
  const refused = (why: Failure) =>
    notStarted(run, { executorId: adapter.executorId, usage: tally.usage, why, mayFallBack: false });
  let ranMs = 0;
  let waitedMs = 0;
  let resume = run.resume;
  let ofSession = run.resume?.usage ?? null;
  for (let attempt = 1; ; attempt += 1) {
    const excess = settleShared(run, adapter, tally.spending);
    if (excess !== null) return refused(waveBudgetSpent(run, excess));
    const launched = await launchOnce(run, {
      adapter,
      prompt: resume === run.resume ? run.prompt : goOn,
      resume,
      hardLimitMs: Math.max(1, run.limits.hardLimitMs - ranMs),
      before: tally.spending,
    });
    if (!launched.ok) return refused(launched.error);
    const end = launched.value;
    ranMs += end.exit.durationMs;
    tally.usage = addUsage(tally.usage, adapter.free ? (end.usage ?? freeUsage) : end.usage);
    const untold = !adapter.free && end.usage === null && mayHaveCost(end);
    const ms = end.exit.durationMs;
    const spending = untold ? untoldSpending(run.limits, ms) : spendingOf(end.usage, ms);
    tally.spending = addSpending(tally.spending, spending);
    ofSession = addUsage(ofSession, end.usage);
    recordEnd(run, adapter, end);
    if (untold) {
      settleShared(run, adapter, tally.spending);
      run.onLine(`used unknown: it told nothing of it; ${describeAssumed(assumedUsage(run.limits))}`);
    }

    const seen = { attempt, waitedMs, limitMs: run.limits.rateLimitWaitMs };
    const advice = run.signal.aborted ? stopped : adviseAfter(adapter, end.outcome, seen);
    if (advice.do !== 'wait') return finish(run, adapter, { end, usage: tally.usage, advice });
    await wait(run, adapter, advice);
    waitedMs += advice.ms;
    if (run.signal.aborted) {
      const outcome: ProgramOutcome = { kind: 'cancelled', detail: 'cancelled while waiting' };
      return finish(run, adapter, { end: { ...end, outcome }, usage: tally.usage, advice: stopped });
    }
    if (end.sessionId !== null && adapter.capabilities.supportsResume) {
      resume = { sessionId: end.sessionId, usage: ofSession };
    }
  }
}

/** Whether a service has worked for this start: not where it let nobody in, or nothing was started. */
function mayHaveCost({ outcome, exit }: LaunchResult): boolean {
  const unpaid = ['auth', 'quota', 'rate-limit', 'overload', 'network', 'cancelled'];
  return exit.cause !== 'spawn-error' && !unpaid.includes(outcome.kind);
}

function describeAssumed(counted: Usage | null): string {
  return counted === null
    ? 'its agent has no cap that it could count as'
    : `it counts as the cap of its agent, ${describeUsage(counted)}`;
}

const stopped: SupervisionAdvice = { do: 'stop', reason: 'cancelled' };

/** Which hook is asked follows from the kind of outcome alone. */
function adviseAfter(
  adapter: ExecutorAdapter,
  outcome: ProgramOutcome,
  seen: { attempt: number; waitedMs: number; limitMs: number },
): SupervisionAdvice {
  switch (outcome.kind) {
    case 'rate-limit':
    case 'overload':
    case 'network':
      return adapter.supervisionHooks.onRateLimit(outcome, seen);
    case 'timeout':
    case 'idle':
      return adapter.supervisionHooks.onTimeout(outcome);
    default:
      return adapter.supervisionHooks.onComplete(outcome);
  }
}

async function wait(
  run: ProgramRequest,
  { executorId }: ExecutorAdapter,
  { ms, reason }: { ms: number; reason: string },
): Promise<void> {
  run.recordEvent('program.waiting', { executor: executorId, ms, reason });
  run.onLine(`waits ${describeDuration(ms)}: ${reason}`);
  run.live?.waits(reason, ms);
  await run.clock.sleep(ms, run.signal);
}

function recordEnd(run: ProgramRequest, { executorId }: ExecutorAdapter, end: LaunchResult): void {
  const { outcome, exit, usage, sessionId } = end;
  run.recordEvent('program.ended', {
    executor: executorId,
    outcome: outcome.kind,
    detail: outcome.kind === 'success' ? null : outcome.detail,
    code: exit.code,
    signal: exit.signal,
    cause: exit.cause,
    durationMs: exit.durationMs,
    sessionId,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    usd: usage?.usd ?? null,
    estimated: usage?.estimated ?? null,
  });
  if (usage !== null) run.onLine(`used ${describeUsage(usage)}`);
}

function finish(
  run: ProgramRequest,
  adapter: ExecutorAdapter,
  { end, usage, advice }: { end: LaunchResult; usage: Usage | null; advice: SupervisionAdvice },
): Turn {
  const { outcome, exit, sessionId, structuredOutput, notices } = end;
  const failure =
    outcome.kind === 'success'
      ? null
      : exit.cause === 'spawn-error'
        ? programNotStarted(run, adapter, exit)
        : outcomeFailure(outcome, { ...run, adapter }, exit.signal);
  return {
    mayFallBack: advice.do === 'fall-back' && adapter.fallbackEligibility.canFallbackFrom,
    result: {
      outcome,
      executorId: adapter.executorId,
      exit,
      cage: end.cage,
      usage,
      sessionId,
      structuredOutput,
      denials: end.denials,
      notices,
      failure,
    },
  };
}

interface NotStarted {
  executorId: string;
  usage: Usage | null;
  why: Failure;
  mayFallBack: boolean;
}

function notStarted(run: ProgramRequest, { executorId, usage, why, mayFallBack }: NotStarted): Turn {
  run.recordEvent('program.not-started', { executor: executorId, code: why.code, message: why.message });
  const outcome: ProgramOutcome = { kind: 'crash', detail: why.message };
  return { result: { ...nothingRan(run, executorId), usage, outcome, failure: why }, mayFallBack };
}

function nothingRan(run: ProgramRequest, executorId: string): ProgramResult {
  return {
    outcome: { kind: 'crash', detail: 'nothing was started' },
    executorId,
    exit: null,
    cage: null,
    usage: null,
    sessionId: null,
    structuredOutput: undefined,
    denials: [],
    notices: [],
    failure: executorUnknown(run, executorId),
  };
}

/** `executors.<id>.maxConcurrent` counts agents of all waves on this machine; absent is without limit. */
async function takeSlot(run: ProgramRequest, { executorId }: ExecutorAdapter) {
  const max = run.wave.settings.executors[executorId]?.maxConcurrent;
  if (run.edges.acquireSlot === undefined || typeof max !== 'number' || max < 1) return ok(null);
  return run.edges.acquireSlot(executorId, Math.floor(max), run.signal);
}
