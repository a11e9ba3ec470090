import type { Amounts } from '@nx-wave/schemas';
import { canonicalJson, ok, type Result } from '@nx-wave/schemas/plain';
import { downloadArchive, uploadArchive } from '../../packages/wave-plugin/src/engine/claims/archives';
import type { HeldClaim, ClaimsOptions } from '../../packages/wave-plugin/src/engine/claims/contracts';
import { openSharedClaims } from '../../packages/wave-plugin/src/engine/claims/shared-claims';
import { underClaim, type WorkDone } from '../../packages/wave-plugin/src/engine/claims/under-claim';
import { storeKeys, type Backend } from '../../packages/wave-plugin/src/core/shared-store/backend';
import { claimProtocol } from '../../packages/wave-plugin/src/core/shared-store/claim-protocol';
import { defaultPeriods } from '../../packages/wave-plugin/src/core/shared-store/periods';
import { elapsed } from '../../packages/wave-plugin/src/core/shared-store/silence';
import { startAgent, type AgentProgram } from './agent';
import type { Machine, Process } from './machine';
import { sha256, type TrialPlan, type WorkKey } from './plan';
import type { Truth } from './truth';
import type { Sabotage } from './without';
import type { World } from './world';

/** What a machine keeps on its disk; another clone has none of it. */
export interface Disk {
  proofs: Map<string, string>;
  /** Work that came to its end and was made durable before anything was judged. */
  finished: Map<string, { content: string; startId: number }>;
  progress: Map<string, number>;
}

export interface RunnerContext {
  world: World;
  plan: TrialPlan;
  truth: Truth;
  machine: Machine;
  disk: Disk;
  run: string;
  process: Process;
  backend: Backend;
  sabotage: Sabotage;
  /** Aborts where the machine of CI asks its processes to end. */
  cancelled: AbortSignal;
  /** When that was. */
  drainedAt: number | null;
  nonce(): string;
  /** How many starts of a key have come to their end: decides how the next one ends. */
  endOf(work: WorkKey): 'ok' | 'fails' | 'auth' | 'quota';
  processes: Map<string, Process>;
}

const never = new AbortController().signal;
/** How long proof commands run. */
const judgeMs = 20_000;
const acceptanceKey = sha256('acceptance');

/** The task of one agent on one machine: the product's own protocol, over a store, a program and a disk that are not real. */
export async function runTask(context: RunnerContext, work: WorkKey): Promise<string> {
  const { disk, truth, world, process, run, sabotage } = context;
  const kept = disk.proofs.get(work.key);
  if (kept !== undefined) return publish(context, work, kept, 'local');
  const options = claimsOptions(context);
  const from = world.now();
  const wait = { runner: process, from, to: Infinity, key: work.key };
  truth.waits.push(wait);
  const task = { context, work, options, wait };
  const token = `${process.name}-${context.nonce()}`;
  context.processes.set(token, process);
  const done = await underClaim<string>(
    openSharedClaims(options),
    {
      workKey: work.key,
      acceptanceKey,
      attempts: 3,
      refused: new Set(),
      token,
      project: 'wave-1',
      unitId: work.unitId,
      signal: context.cancelled,
    },
    {
      serve: (proofs) => serve(task, proofs),
      work: (claim) => workUnder(task, claim),
    },
  );
  wait.to = Math.min(wait.to, world.now());
  const how = done.ok ? done.value : done.error.code;
  if (context.drainedAt !== null) truth.drains.push(world.now() - context.drainedAt);
  truth.ends.push({
    key: work.key,
    machine: context.machine.name,
    run: sabotage.run?.(run, context.nonce) ?? run,
    at: world.now(),
    how,
  });
  return how;
}

interface Task {
  context: RunnerContext;
  work: WorkKey;
  options: ClaimsOptions;
  wait: Truth['waits'][number];
}

function claimsOptions(context: RunnerContext): ClaimsOptions {
  const { machine, process, backend, sabotage, processes } = context;
  return {
    backend,
    clock: {
      moment: () => machine.moment(),
      sleep: (ms, signal) => process.sleep(ms, signal),
    },
    periods: sabotage.periods ?? defaultPeriods,
    run: sabotage.run?.(context.run, context.nonce) ?? context.run,
    holder: (token) => ({
      token,
      host: machine.name,
      boot: machine.name,
      pidSpace: '',
      pid: 1,
      started: process.name,
    }),
    nonce: context.nonce,
    isDead: (holder) => holder.host === machine.name && processes.get(holder.token)?.isAlive === false,
    async endMarked(token) {
      const dead = processes.get(token);
      for (const { runner, group } of context.truth.starts)
        if (runner === dead && group.machine === machine) group.kill();
      await process.sleep(50);
    },
    print: () => undefined,
    protocol: { ...claimProtocol, ...sabotage.protocol?.(machine) },
  };
}

/** Whoever looks on that machine sees this result from now on. */
export function publish(
  { truth, machine, disk, world }: RunnerContext,
  work: WorkKey,
  content: string,
  how: string,
): string {
  disk.proofs.set(work.key, content);
  truth.published.push({
    key: work.key,
    base: machine.base,
    machine: machine.name,
    content,
    at: world.now(),
    how,
  });
  return how;
}

/** Bytes of an archive, and the digest that names it. */
function archiveOf(kind: 'proof' | 'checkpoint', value: object): { bytes: Uint8Array; digest: string } {
  const bytes = new TextEncoder().encode(canonicalJson({ kind, ...value, filling: 'x'.repeat(200) }));
  return { bytes, digest: sha256(bytes) };
}

async function fetchArchive(
  task: Task,
  key: string,
  digest: string,
): Promise<Result<Record<string, unknown> | null>> {
  const { context, options } = task;
  const asked =
    context.sabotage.believesBytes === true
      ? await anyBytes()
      : await downloadArchive(options, { key, digest }, { signal: never });
  if (!asked.ok) {
    if (asked.error.code === 'store-unavailable') return asked;
    context.truth.misses.push(asked.error.code);
    return ok(null);
  }
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(asked.value));
    return ok(read as Record<string, unknown>);
  } catch {
    context.truth.defects.push(`${key} was read in part`);
    return ok(null);
  }

  async function anyBytes(): Promise<Result<Uint8Array>> {
    for (;;) {
      const there = await options.backend.get(key);
      if (there.answer === 'done') return ok(there.body);
      await options.clock.sleep(2_000, never);
    }
  }
}

/** Whether the proof commands are green with it on the base of a machine. */
function holds(work: WorkKey, content: string, { base }: Machine, { starts }: Truth): boolean {
  const made = starts.find((start) => start.content === content);
  return !work.refuses || made === undefined || made.base === base;
}

async function serve(task: Task, proofs: readonly string[]): Promise<Result<string | null>> {
  const { context, work } = task;
  for (const digest of proofs) {
    const fetched = await fetchArchive(task, storeKeys.bundle(digest), digest);
    if (!fetched.ok) return fetched;
    const content = fetched.value?.['content'];
    if (typeof content !== 'string') continue;
    await context.process.sleep(judgeMs);
    if (holds(work, content, context.machine, context.truth))
      return ok(publish(context, work, content, 'served'));
    context.truth.refused.push({
      key: work.key,
      base: context.machine.base,
      content,
      at: context.world.now(),
    });
  }
  return ok(null);
}

async function workUnder(task: Task, claim: HeldClaim): Promise<WorkDone<string>> {
  const { context, work } = task;
  const { disk, plan } = context;
  const finished = disk.finished.get(work.key);
  if (finished !== undefined && holds(work, finished.content, context.machine, context.truth))
    return settle(task, claim, finished);
  if (claim.unpaid !== null) return { value: claim.unpaid.code, end: null };
  const admitted = await claim.admit({
    caps: { usd: work.cap, tokens: null, minutes: null },
    limits: { budget: { usd: plan.budget, tokens: null, minutes: null }, places: plan.places },
  });
  task.wait.to = context.world.now();
  if (!admitted.ok) return { value: admitted.error.code, end: null };
  const started = await claim.start();
  if (!started.ok) return { value: started.error.code, end: null };
  return runAgent(task, claim);
}

async function runAgent(task: Task, claim: HeldClaim): Promise<WorkDone<string>> {
  const { context, work } = task;
  const { world, truth, process, disk, sabotage, cancelled } = context;
  const from = await progressOf(task, claim);
  if (claim.lost.aborted || cancelled.aborted) return { value: 'claim-lost', end: { end: 'interrupted' } };
  if (sabotage.believesCheckpoint === true && from > 0)
    return settle(task, claim, { content: sha256(`${work.key} up to ${from}`), startId: -1 });
  const outcome = context.endOf(work);
  let isSpent = false;
  let told: Amounts | null = null;
  const agent = startAgent(world, truth, {
    work,
    runner: process,
    run: context.run,
    from,
    outcome,
    onUsed(used) {
      if (sabotage.ignoresBudget === true) return;
      told = used;
      // The product looks once a second; here at the moments that matter.
      for (const afterMs of [0, 1_000, 3_000, 12_000])
        world.at(world.now() + afterMs, () => process.deliver(() => look(used)));
    },
  });
  function look(used: Amounts): void {
    if (agent.start.endedAt !== null || used !== told) return;
    isSpent ||= claim.tell(used) !== null;
    if (isSpent) agent.end('budget', 100);
  }
  guard(context, claim, agent);
  const checkpoints = keepCheckpoints(task, claim, agent);
  const stop = (why: 'lost' | 'drained') => () => agent.end(why, why === 'lost' ? 2_000 : 1_000);
  claim.lost.addEventListener('abort', () => process.deliver(stop('lost')), { once: true });
  cancelled.addEventListener('abort', () => process.deliver(stop('drained')), { once: true });
  // Both may have happened while the program was started.
  if (claim.lost.aborted) stop('lost')();
  if (cancelled.aborted) stop('drained')();
  await agent.ended;
  // What a program printed before its end is read after it.
  if (told !== null) claim.tell(told);
  checkpoints.stop();
  disk.progress.set(work.key, agent.progress());
  const { start } = agent;
  if (start.outcome === null) {
    const digest = cancelled.aborted ? await checkpoints.last(3_000) : null;
    return { value: isSpent ? 'budget-spent' : 'cut off', end: { end: 'interrupted' }, checkpoint: digest };
  }
  if (start.content !== null) {
    disk.finished.set(work.key, { content: start.content, startId: start.id });
    await process.sleep(judgeMs);
    return settle(task, claim, { content: start.content, startId: start.id });
  }
  const code =
    start.outcome === 'fails'
      ? 'proof-command-failed'
      : start.outcome === 'auth'
        ? 'agent-auth'
        : 'agent-quota';
  const failed = { code, message: code, acceptanceKey, bundle: null };
  return { value: code, end: { end: 'failed', failure: failed } };
}

/** What the agent before has left, on this machine or in the store. */
async function progressOf(task: Task, claim: HeldClaim): Promise<number> {
  const { context, work } = task;
  const own = context.disk.progress.get(work.key) ?? 0;
  if (claim.checkpoint === null) return own;
  const fetched = await fetchArchive(task, storeKeys.checkpoint(claim.checkpoint), claim.checkpoint);
  const progress = fetched.ok ? fetched.value?.['progress'] : null;
  if (typeof progress !== 'number') return own;
  context.truth.continued += 1;
  return Math.max(own, progress);
}

/** A process above the agent's group: ends it at the deadline, and when the pipe to the runner closes. */
function guard(
  { machine, process, sabotage, world }: RunnerContext,
  claim: HeldClaim,
  agent: AgentProgram,
): void {
  if (sabotage.watchdog === false) return;
  const { lostMs, endMs } = sabotage.periods ?? defaultPeriods;
  const watchdog = machine.start('watchdog');
  let renewed = machine.moment();
  claim.onRenewed(({ since }) => {
    renewed = since;
  });
  process.onEnd(() => world.at(world.now() + 200, () => watchdog.deliver(() => agent.end('watchdog', 0))));
  void (async () => {
    while (agent.start.endedAt === null) {
      await watchdog.sleep(1_000);
      if (elapsed(renewed, machine.moment()) >= lostMs + endMs) agent.end('watchdog', 0);
    }
    watchdog.kill();
  })();
}

function keepCheckpoints(task: Task, claim: HeldClaim, agent: AgentProgram) {
  const { context, work, options } = task;
  const { process, sabotage } = context;
  const stopped = new AbortController();
  const { checkpointMs } = options.periods;
  const take = async (limitMs: number): Promise<string | null> => {
    const { bytes, digest } = archiveOf('checkpoint', {
      key: work.key,
      progress: agent.progress(),
      by: agent.start.id,
    });
    if (agent.progress() === agent.start.from) return null;
    const uploaded = await uploadArchive(
      options,
      { key: storeKeys.checkpoint(digest), digest },
      { bytes, limitMs, signal: never },
    );
    return uploaded.ok ? digest : null;
  };
  if (sabotage.checkpoints !== false)
    void (async () => {
      for (;;) {
        await process.sleep(checkpointMs, stopped.signal);
        if (stopped.signal.aborted) return;
        const digest = await take(60_000);
        if (digest !== null && !stopped.signal.aborted) await claim.keepCheckpoint(digest);
      }
    })();
  return {
    stop: () => stopped.abort(),
    last: (limitMs: number) => (sabotage.checkpoints === false ? Promise.resolve(null) : take(limitMs)),
  };
}

/** Bundle first, then the claim, then everything that others read. */
async function settle(
  task: Task,
  claim: HeldClaim,
  made: { content: string; startId: number },
): Promise<WorkDone<string>> {
  const { context, work, options } = task;
  const { sabotage, truth, world } = context;
  const { bytes, digest } = archiveOf('proof', { key: work.key, content: made.content });
  const place = { key: storeKeys.bundle(digest), digest };
  if (sabotage.believesBytes === true) await options.backend.putIfAbsent(place.key, bytes);
  else {
    const uploaded = await uploadArchive(options, place, {
      bytes,
      limitMs: options.periods.settleMs,
      signal: context.cancelled,
    });
    if (!uploaded.ok) return { value: uploaded.error.code, end: { end: 'interrupted' } };
  }
  const settled = sabotage.settles === false ? ok(undefined) : await claim.settle(digest);
  if (settled.ok || sabotage.loserPublishes === true) {
    const start = truth.starts.find(({ id }) => id === made.startId);
    if (start !== undefined && settled.ok) start.settledAt = world.now();
    return { value: publish(context, work, made.content, 'proven'), end: { end: 'interrupted' } };
  }
  return { value: settled.error.code, end: { end: 'interrupted' } };
}
