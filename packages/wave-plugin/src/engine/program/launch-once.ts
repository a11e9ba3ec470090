import { type Usage } from '@nx-wave/schemas';
import { type Result, ok } from '@nx-wave/schemas/plain';
import {
  type ExecutorAdapter,
  type LaunchSpec,
  type ProgramOutcome,
  type StreamReader,
} from '../../adapters/adapter';
import { believableWaitMs } from '../../adapters/service-status';
import { type HeldCage, type ProgramCage } from '../../core/cage/hold-cage';
import { addSpending, spendingOf, type Spending } from '../../core/spending';
import { addKnown, addUsage, describeExcess, describeUsage, parsePrices, priceUsage } from '../../core/usage';
import { type ProcessExit } from '../../edges/processes/contracts';
import { makeFolders, makeOwnFolders } from '../../edges/processes/adapter-io';
import { createRedactor, type Redactor } from '../../edges/processes/redact';
import { describeCaged } from './cage-of-launch';
import { createKeepAlive } from './keep-alive';
import { createListener } from './listen';
import { type ProgramRequest } from './program';
import { shorten } from './shorten';
import { createStopSwitch } from './stop-switch';

/** So long a program may wait in silence for its service; then the runner waits, where it is seen and limited. */
const serviceWaitMs = 5 * 60_000;
/** So often the budget that agents share is looked at, whether the program talks or not. */
const settleMs = 1_000;
/** A program that has told its end gets this long to leave. */
const exitGraceMs = 10_000;

export interface LaunchRequest {
  adapter: ExecutorAdapter;
  prompt: string;
  resume: { sessionId: string; usage: Usage | null } | null;
  hardLimitMs: number;
  /** What earlier starts of the same run have spent, whatever program they started. */
  before: Spending;
}

export interface LaunchResult {
  outcome: ProgramOutcome;
  exit: ProcessExit;
  cage: HeldCage | null;
  /** Of this start alone. */
  usage: Usage | null;
  sessionId: string | null;
  structuredOutput: unknown;
  denials: string[];
  notices: string[];
}

/** One start of a program, from launch spec to outcome. Fails only where nothing could be started as declared. */
export async function launchOnce(run: ProgramRequest, launch: LaunchRequest): Promise<Result<LaunchResult>> {
  const prepared = await prepareLaunch(run, launch);
  return prepared.ok ? ok(await superviseLaunch(run, launch, prepared.value)) : prepared;
}

/** What is about to be started; its files and folders are in place. */
interface PreparedLaunch {
  spec: LaunchSpec;
  env: Record<string, string>;
  cage: ProgramCage | null;
  notices: string[];
  /** For terminal and disk; the transcript has rules of its own where the configuration asks for all of it. */
  redactor: Redactor;
  transcriptRedactor: Redactor;
}

async function prepareLaunch(
  run: ProgramRequest,
  { adapter, prompt, resume }: LaunchRequest,
): Promise<Result<PreparedLaunch>> {
  const { edges } = run;
  const ground = {
    ...run,
    adapter,
    prompt,
    envelopeSchema: parseJson(edges.io.readFile(run.envelopeSchemaPath)),
    io: edges.io,
    resumeSessionId: resume?.sessionId ?? null,
  };
  const caged = await describeCaged(run, ground);
  if (!caged.ok) return caged;
  const { cage, described } = caged.value;
  const { spec, env, writableDirs } = described;
  for (const file of spec.files) {
    const written = await edges.writeFile(file.path, file.content);
    if (!written.ok) return written;
  }
  await makeFolders(writableDirs);
  await makeOwnFolders(cage?.policy?.make ?? []);
  const known = { env: { ...run.baseEnv, ...spec.env }, ...run.secrets };
  const redactor = createRedactor(known);
  const transcriptRedactor =
    run.wave.settings.transcript === 'full' ? createRedactor({ ...known, byForm: false }) : redactor;
  const notices = described.notices.map(redactor.redact);
  run.recordEvent('program.started', {
    executor: adapter.executorId,
    command: redactor.redact(spec.command),
    args: spec.args.map(redactor.redact),
    resumed: resume !== null,
    notices,
    ...(cage === null ? {} : { cage: cage.cage, network: cage.network, why: cage.why }),
  });
  return ok({ spec, env, cage, notices, redactor, transcriptRedactor });
}

/** Starts it and stops it where a budget is used up, its turns are, or it neither works nor leaves. */
async function superviseLaunch(
  run: ProgramRequest,
  { adapter, resume, before, hardLimitMs }: LaunchRequest,
  { spec, env, cage, notices, redactor, transcriptRedactor }: PreparedLaunch,
): Promise<LaunchResult> {
  const reader = adapter.createStreamReader(resume ?? undefined);
  const usage = pricedUsage(run, adapter, reader);
  const stop = createStopSwitch(run.signal);
  const startedAt = run.clock.now();
  const settle = (): void => {
    const spent = addSpending(before, spendingOf(usage(), run.clock.now() - startedAt));
    const excess = settleShared(run, adapter, spent);
    if (excess !== null) stop.because({ kind: 'budget', detail: excess });
  };
  const afterLine = (): void => {
    const excess = describeExcess(addKnown(before.usage, usage()), run.limits);
    if (excess !== null) stop.because({ kind: 'budget', detail: excess });
    const { turnLimit = Infinity } = spec;
    if ((reader.turns?.() ?? 0) > turnLimit)
      stop.because({ kind: 'turn-limit', detail: `its model went on after its limit of ${turnLimit} turns` });
    if (reader.finished?.() === true) stop.soon(exitGraceMs);
    else if ((reader.waitingFor?.() ?? null) !== null) stop.soon(serviceWaitMs);
    else stop.notYet();
  };
  const rules = { terminal: redactor, disk: transcriptRedactor, afterLine };
  const listener = listenAloud(run, reader, { ...rules, usage, settle, before });
  run.live?.starts(adapter.executorId);
  const watched = watchStarted(run);
  const exit = await run.edges.processes.supervise(spec.command, spec.args, {
    cwd: run.checkout.workspaceDir,
    ownFolder: run.checkout.root,
    env: { ...env, ...spec.env },
    stdin: spec.stdin,
    hardLimitMs,
    idleLimitMs: run.limits.idleLimitMs,
    signal: stop.signal,
    onOutput: listener.onOutput,
    onStart: watched.onStart,
    use: { ...run.wave.settings.limits, folder: run.checkout.home },
    ...(cage?.policy === undefined ? {} : { cage: cage.policy }),
    ...(run.graceMs === undefined ? {} : { graceMs: run.graceMs }),
  });
  watched.over();
  listener.end();
  tellDenied(run, adapter, exit);
  const ended = judgeEnd(reader, { exit, ownReason: stop.reason(), cancelled: run.signal.aborted });
  settle();
  stop.dispose();
  return {
    outcome: redactOutcome(relativeReset(ended, run), redactor),
    exit,
    cage,
    usage: usage(),
    sessionId: spec.keepsNoSession === true ? null : sessionIdOf(reader),
    structuredOutput: redactor.redactValue(reader.structuredOutput()),
    denials: (reader.denials?.() ?? []).map(redactor.redact),
    notices,
  };
}

/** Listens until its end; settles each second, and says something where the program does not. */
function listenAloud(
  run: ProgramRequest,
  reader: StreamReader,
  {
    usage,
    settle,
    before,
    ...rules
  }: Parameters<typeof createListener>[2] & {
    usage: () => Usage | null;
    settle: () => void;
    before: Spending;
  },
) {
  const used = () => describeKnown(usage());
  const { heard, tick } = createKeepAlive(run.onLine, { now: run.clock.now, used });
  const everySecond = setInterval(() => {
    settle();
    tick();
    tellUse();
  }, settleMs);
  const onLine = (line: string): void => {
    heard(line);
    run.live?.did(line);
    run.onLine(line);
  };
  const listener = createListener({ ...run, onLine }, reader, rules);
  const end = (): void => {
    clearInterval(everySecond);
    listener.end();
    tellUse();
  };
  return { onOutput: listener.onOutput, end };

  function tellUse(): void {
    run.live?.used(addUsage(before.usage, usage()), reader.turns?.() ?? null);
  }
}

const describeKnown = (usage: Usage | null) => (usage === null ? null : describeUsage(usage));

/** What a program has told of its use so far, with a price where it told none. */
function pricedUsage(run: ProgramRequest, adapter: ExecutorAdapter, reader: StreamReader) {
  const prices = parsePrices(settingsOf(run, adapter).prices);
  return (): Usage | null => {
    const seen = reader.usage();
    return seen === null ? null : priceUsage(seen, run.agent.executor.model, prices);
  };
}

/** Whoever watches over process groups is told of each, a cage that is made anew included, and when the last has ended. */
function watchStarted({ watchGroup }: Pick<ProgramRequest, 'watchGroup'>) {
  let over: (() => void) | undefined;
  return {
    onStart(group: number): void {
      over?.();
      over = watchGroup?.(group);
    },
    over: () => over?.(),
  };
}

/** Hosts that the cage held back: the person may want to allow them. */
function tellDenied(
  run: ProgramRequest,
  { executorId }: ExecutorAdapter,
  { denied = [] }: ProcessExit,
): void {
  if (denied.length === 0) return;
  run.recordEvent('program.calls-denied', { executor: executorId, hosts: denied });
  run.onLine(`its cage did not let it call ${denied.join(', ')} (executors.${executorId}.hosts allows more)`);
}

/** Keeps count of a program that costs; answers what of the shared budget is used up, or null. */
export function settleShared(
  { sharedBudget }: Pick<ProgramRequest, 'sharedBudget'>,
  { free }: ExecutorAdapter,
  spending: Spending,
): string | null {
  return free || sharedBudget === undefined ? null : sharedBudget.settle(spending);
}

/** What the configuration says of an executor. */
function settingsOf({ wave }: ProgramRequest, { executorId }: ExecutorAdapter): Record<string, unknown> {
  return wave.settings.executors[executorId] ?? {};
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** It becomes an argument of the next start: what could be anything else there is no id. */
function sessionIdOf(reader: StreamReader): string | null {
  const id = reader.sessionId();
  return id !== null && /^[A-Za-z0-9][\w.:-]{0,199}$/.test(id) ? id : null;
}

/** The stream decides where the program came to its own end; whoever ended it decides otherwise. */
function judgeEnd(
  reader: StreamReader,
  { exit, ownReason, cancelled }: { exit: ProcessExit; ownReason: ProgramOutcome | null; cancelled: boolean },
): ProgramOutcome {
  if (ownReason !== null) return ownReason;
  if (exit.cause === 'spawn-error') {
    return { kind: 'crash', detail: `could not be started (${exit.cageProblem ?? exit.errorCode})` };
  }
  if (exit.cause === 'exit') return cancelled ? endOfCancelled(reader, exit) : reader.outcome(exit);
  if (exit.cause === 'exhausted') return { kind: 'exhausted', detail: exit.exceeded ?? 'it used too much' };
  if (!cancelled && reader.finished?.() === true) return reader.outcome({ code: 0, signal: null });
  const awaited = cancelled ? null : (reader.waitingFor?.() ?? null);
  if (awaited !== null) return awaited;
  return { kind: exit.cause, detail: describeEnd(exit) };
}

/** Whoever ends a run ends all its processes, and a program may be gone before its runner is told: what it left is no crash. */
function endOfCancelled(reader: StreamReader, exit: ProcessExit): ProgramOutcome {
  const told = reader.outcome(exit);
  const cutOff = told.kind === 'crash' || told.kind === 'unclear';
  return cutOff ? { kind: 'cancelled', detail: describeEnd(exit) } : told;
}

function describeEnd({ durationMs }: ProcessExit): string {
  return `ended after ${Math.round(durationMs / 1_000)} s`;
}

function relativeReset(outcome: ProgramOutcome, { clock }: ProgramRequest): ProgramOutcome {
  if (!('resetsAtMs' in outcome) || outcome.resetsAtMs === undefined) return outcome;
  const now = clock.epochMs?.() ?? Date.now();
  return { ...outcome, retryAfterMs: believableWaitMs(Math.max(0, outcome.resetsAtMs - now)) };
}

/** Details may quote what a service has answered, and that may quote a key. */
function redactOutcome(outcome: ProgramOutcome, redactor: Redactor): ProgramOutcome {
  return outcome.kind === 'success'
    ? outcome
    : { ...outcome, detail: shorten(redactor.redactStart(outcome.detail)) };
}
