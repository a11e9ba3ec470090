import { admissionSchema, claimSchema, type Admission, type Claim } from '@nx-wave/schemas';
import { defaultPeriods } from '../../packages/wave-plugin/src/core/shared-store/periods';
import type { Machine } from './machine';
import { sha256, type TrialPlan } from './plan';
import type { Server, Version } from './server';
import type { Start, Truth } from './truth';

export const invariants = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11'] as const;
export type Invariant = (typeof invariants)[number];

/** What a trial has found: how often each invariant was put to the test, and where it did not hold. */
export interface Findings {
  tested: Record<Invariant, number>;
  red: { of: Invariant | 'lost' | 'wrong' | 'defect'; text: string }[];
}

export interface Trial {
  plan: TrialPlan;
  truth: Truth;
  server: Server;
  machines: Machine[];
}

const { deadMs, pollMs, checkpointMs } = defaultPeriods;
const seconds = (ms: number) => `${(ms / 1000).toFixed(0)} s`;

export function judgeTrial(trial: Trial): Findings {
  const findings: Findings = {
    tested: Object.fromEntries(invariants.map((one) => [one, 0])) as Record<Invariant, number>,
    red: trial.truth.defects.map((text) => ({ of: 'defect', text })),
  };
  for (const { key } of trial.plan.keys) {
    const starts = trial.truth.starts.filter((start) => start.key === key);
    nothingLost(trial, findings, { key, starts });
    // Nobody is protected from a store that deletes claims: what has to hold is that everybody comes to an end.
    if (isDeleted(trial, key)) continue;
    neverOverlap(trial, findings, starts);
    startsHaveCauses(trial, findings, { key, starts });
    oncePerRun(trial, findings, { key, starts });
    noLossBeyondCheckpoint(trial, findings, starts);
    oneResult(trial, findings, key);
  }
  digestsAreWhole(trial, findings);
  onlyFinishedWork(trial, findings);
  if (trial.server.met['deleted'] !== undefined) return findings;
  withinBudget(trial, findings);
  deadAreReplaced(trial, findings);
  rightByTruth(trial, findings);
  return findings;
}

export const isDeleted = ({ server }: Trial, key: string) =>
  server.history(`claims/${key}`).some(({ body }) => body === null);

type Note = Findings;
const put = (findings: Note, of: Invariant, count = 1) => void (findings.tested[of] += count);
const red = (findings: Note, of: Findings['red'][number]['of'], text: string) =>
  void findings.red.push({ of, text });

/** Pauses of whatever could have ended a program: its machine's and its runner's. */
const pausesOf = ({ runner }: Start) => [...runner.machine.pauses, ...runner.pauses];

function neverOverlap({ truth }: Trial, findings: Note, starts: readonly Start[]): void {
  for (const [at, later] of starts.entries())
    for (const earlier of starts.slice(0, at)) {
      put(findings, 'I1');
      const end = later.endedAt ?? Infinity;
      // A call that was in flight when the machine was suspended; while it is suspended, nothing of it runs.
      const isPausedAt = (time: number) =>
        earlier.runner.machine.pauses.some(({ from, to }) => from <= time && time <= to);
      const inFlight = earlier.calls.filter(
        ({ from, to }) => from < later.at && (to ?? Infinity) > later.at && !isPausedAt(later.at),
      );
      const begun = earlier.calls.filter(({ from }) => from >= later.at && from < end);
      const wakeUps = pausesOf(earlier).filter(({ to }) => to >= later.at && to <= end).length;
      if (inFlight.length > 0 || begun.length > wakeUps)
        red(
          findings,
          'I1',
          `two agents of one key worked at the same time: ${later.runner.machine.name} began at ${seconds(later.at)}, ${earlier.runner.machine.name} made ${inFlight.length + begun.length} calls after it (${truth.starts.indexOf(earlier)})`,
        );
    }
}

/** Why a key was started once more, or null where there was no reason. */
function causeOf(trial: Trial, before: Start, start: Start): string | null {
  const { truth } = trial;
  if (before.settledAt !== null && before.settledAt <= start.at) {
    const isRefused = truth.refused.some(
      ({ content, base, at }) => content === before.content && base === start.base && at <= start.at,
    );
    return isRefused ? 'refused' : truth.misses.length > 0 ? 'unreadable' : null;
  }
  if (before.outcome === 'auth' || before.outcome === 'quota') return 'failed';
  if (before.outcome === 'fails') {
    const told = failedAt(trial, before);
    // Nobody knows that it failed: its runner was gone before it could say so.
    if (told === null || told > start.at) return 'lost';
    return before.run === start.run ? null : 'failed';
  }
  if (before.stopped === 'drained' || before.stopped === 'budget') return 'interrupted';
  // It ended its work, and its runner or its claim was gone before that was settled.
  const isGone = !before.runner.isAlive || !before.runner.machine.isAlive;
  if (before.outcome === 'ok')
    return isGone || pausesOf(before).length > 0 || truth.unreachable ? 'lost' : null;
  return 'lost';
}

/** Starts of a trial by cause: the first of a key, and every other by how the one before it ended. */
export function causesOf(trial: Trial): Record<string, number> {
  const causes: Record<string, number> = {};
  const count = (cause: string) => (causes[cause] = (causes[cause] ?? 0) + 1);
  for (const { key } of trial.plan.keys)
    for (const [at, start] of startsOf(trial, key).entries())
      count(at === 0 ? 'first' : isDeleted(trial, key) ? 'deleted' : whyAgain(trial, { at, start }));
  return causes;
}

const whyAgain = (trial: Trial, { at, start }: { at: number; start: Start }) =>
  causeOf(trial, startsOf(trial, start.key)[at - 1] as Start, start) ?? 'none';

const startsOf = ({ truth }: Trial, key: string) => truth.starts.filter((start) => start.key === key);

function startsHaveCauses(
  trial: Trial,
  findings: Note,
  { key, starts }: { key: string; starts: Start[] },
): void {
  put(findings, 'I2', starts.length);
  for (const [at, start] of starts.entries())
    if (at > 0 && causeOf(trial, starts[at - 1] as Start, start) === null)
      red(
        findings,
        'I2',
        `${key.slice(0, 8)} was started on ${start.runner.machine.name} at ${seconds(start.at)} without a cause`,
      );
}

/** When the claim of a start has told that it failed. */
function failedAt({ server }: Trial, start: Start): number | null {
  const gen = genOf(server, start);
  const told = server
    .history(`claims/${start.key}`)
    .find((version) => claimOf(version)?.starts.some((one) => one.gen === gen && one.end === 'failed'));
  return told?.at ?? null;
}

function oncePerRun(trial: Trial, findings: Note, { key, starts }: { key: string; starts: Start[] }): void {
  for (const start of starts) {
    const told = start.outcome === 'fails' ? failedAt(trial, start) : null;
    if (told === null) continue;
    put(findings, 'I3', trial.truth.ends.filter((end) => end.key === key && end.at > told).length);
    const again = starts.find((one) => one.run === start.run && one.at > told);
    if (again !== undefined)
      red(
        findings,
        'I3',
        `${key.slice(0, 8)} failed at ${seconds(told)} and was started again in the same run at ${seconds(again.at)}`,
      );
  }
}

function withinBudget(trial: Trial, findings: Note): void {
  const { plan, truth, server } = trial;
  const object = server.history('waves/wave-1');
  if (plan.places !== null)
    for (const version of object) {
      put(findings, 'I4');
      const open = admissionOf(version)?.entries.filter((entry) => entry.open).length ?? 0;
      if (open > plan.places)
        red(
          findings,
          'I4',
          `${open} programs were let in at ${seconds(version.at)}, and there are ${plan.places} places`,
        );
    }
  if (plan.budget === null) return;
  put(findings, 'I4', truth.starts.length);
  const { spent, allowed } = spendingOf(trial);
  if (spent > allowed + 1e-6)
    red(
      findings,
      'I4',
      `$${spent.toFixed(2)} were spent, the budget is $${plan.budget.toFixed(2)}, and $${allowed.toFixed(2)} were allowed`,
    );
}

/** A call is paid for as far as it got. */
export function priceOf({ calls }: Start): number {
  return calls.reduce((sum, { usd, from, to, ms }) => sum + usd * Math.min(1, ((to ?? from) - from) / ms), 0);
}

/**
 * What was really spent, and what may be: the budget, a call of each program, what dead holders could not tell, and what was called
 * while a runner stood still: its watchdog ends the program at a deadline, and knows no budget.
 */
export function spendingOf({ plan, truth, server }: Trial): { spent: number; allowed: number } {
  // A call in flight until the program was ended is paid for as far as it got.
  const largest = (start: Start) => 1.05 * Math.max(0, ...start.calls.map(({ usd }) => usd));
  const unseen = ({ calls, runner }: Start) =>
    calls
      .filter(({ from, to }) => runner.pauses.some((one) => one.from < (to ?? Infinity) && from < one.to))
      .reduce((sum, { usd }) => sum + usd, 0);
  const untold = plan.keys.reduce((sum, { key }) => {
    const ends = claimOf(server.current(`claims/${key}`))?.starts ?? [];
    const lost = ends.filter(({ end }) => end === 'lost' || end === 'open').length;
    return sum + (lost === 0 ? 0 : deadSpending(truth, server, key));
  }, 0);
  return {
    spent: truth.starts.reduce((sum, start) => sum + priceOf(start), 0),
    allowed:
      (plan.budget ?? Infinity) +
      truth.starts.reduce((sum, start) => sum + largest(start) + unseen(start), 0) +
      untold,
  };
}

/** What programs of dead runners used after the last time that their claim told of it. */
function deadSpending({ starts }: Truth, server: Server, key: string): number {
  return starts
    .filter((start) => start.key === key && start.outcome === null)
    .reduce((sum, start) => {
      const told = server
        .history(`claims/${key}`)
        .filter(({ by, at }) => by === start.runner && at >= start.at)
        .at(-1);
      return (
        sum +
        start.calls
          .filter(({ to }) => to !== null && to >= (told?.at ?? 0) - 15_000)
          .reduce((all, { usd }) => all + usd, 0)
      );
    }, 0);
}

const parsed = <T>(version: Version | null, schema: { parse(value: unknown): T }): T | null =>
  version?.body == null ? null : schema.parse(JSON.parse(new TextDecoder().decode(version.body)));
const admissionOf = (version: Version | null): Admission | null => parsed(version, admissionSchema);
export const claimOf = (version: Version | null): Claim | null => parsed(version, claimSchema);

/** While the store cannot be reached, or a view is out of date, waiting is longer: nothing is said of that time. */
function troubleBetween({ plan }: Trial, from: number, to: number): boolean {
  const { outages, expired } = plan.network;
  return [...outages, ...expired].some((window) => window.from < to && window.to > from);
}

function deadAreReplaced(trial: Trial, findings: Note): void {
  const { truth, server, plan } = trial;
  const slack = 90_000 + plan.network.staleMs;
  for (const { runner, from, to } of truth.waits) {
    if (runner.pauses.length + runner.machine.pauses.length > 0) continue;
    for (const start of truth.starts) {
      const dead = start.runner.endedAt;
      if (dead === null || start.runner === runner) continue;
      const since = Math.max(from, dead);
      const until = since + deadMs + pollMs + slack;
      const end = Math.min(to, runner.endedAt ?? Infinity);
      if (end < since) continue;
      put(findings, 'I5');
      if (end <= until || troubleBetween(trial, since, until)) continue;
      const entry = admissionOf(server.at('waves/wave-1', until))?.entries.find(
        ({ workKey, gen, open }) => open && workKey === start.key && genOf(server, start) === gen,
      );
      if (entry !== undefined && isWaitedFor(trial, runner, since, until))
        red(
          findings,
          'I5',
          `${start.runner.machine.name} died at ${seconds(dead)}, and its place was not free at ${seconds(until)}`,
        );
    }
  }
}

/** The generation of the claim under which a program was started. */
function genOf(server: Server, start: Start): number | null {
  const versions = server.history(`claims/${start.key}`).filter(({ by }) => by === start.runner);
  return claimOf(versions.at(-1) ?? null)?.gen ?? null;
}

/** Whether a runner was at the door of the admission all that time: what waits for a claim closes no entries. */
function isWaitedFor(
  { server, truth }: Trial,
  runner: Start['runner'],
  since: number,
  until: number,
): boolean {
  const wait = truth.waits.find((one) => one.runner === runner && one.from <= since);
  if (wait === undefined) return false;
  const taken = server.history(`claims/${wait.key}`).find(({ by, at }) => by === runner && at <= until);
  if (taken === undefined || taken.at > since + 1_000) return false;
  return !truth.starts.some((start) => start.runner === runner && start.at <= until);
}

function digestsAreWhole({ server, plan }: Trial, findings: Note): void {
  for (const { key } of plan.keys)
    for (const version of server.history(`claims/${key}`)) {
      const claim = claimOf(version);
      const named = [
        ...(claim?.proofs ?? []).map((digest) => ['bundles', digest] as const),
        ...(claim?.checkpoint == null ? [] : [['checkpoints', claim.checkpoint] as const]),
      ];
      for (const [folder, digest] of named) {
        put(findings, 'I7');
        const body = server.at(`${folder}/${digest}`, version.at)?.body;
        if (body == null || sha256(body) !== digest)
          red(
            findings,
            'I7',
            `${folder}/${digest.slice(0, 8)} was named at ${seconds(version.at)} and was not whole`,
          );
      }
    }
}

function onlyFinishedWork({ truth }: Trial, findings: Note): void {
  for (const { content, machine, key } of truth.published) {
    put(findings, 'I8');
    if (
      !truth.starts.some((start) => start.key === key && start.outcome === 'ok' && start.content === content)
    )
      red(findings, 'I8', `${machine} shows a result of ${key.slice(0, 8)} that no agent has finished`);
  }
}

/** Everybody who has the same base shows the same bytes. */
function oneResult({ truth }: Trial, findings: Note, key: string): void {
  for (const base of [0, 1]) {
    const shown = truth.published.filter((one) => one.key === key && one.base === base);
    put(findings, 'I9', shown.length);
    if (new Set(shown.map(({ content }) => content)).size > 1 && truth.misses.length === 0)
      red(
        findings,
        'I9',
        `results of ${key.slice(0, 8)} differ on base ${base}: ${shown.map(({ machine, how, content, at }) => `${machine} ${how} ${content.slice(0, 4)} at ${seconds(at)}`).join(', ')}`,
      );
  }
}

/** Each write was right by what really stood there and really happened, whatever its writer's clock and reads said. */
function rightByTruth({ server, plan, machines }: Trial, findings: Note): void {
  for (const { key } of plan.keys) {
    const versions = server.history(`claims/${key}`);
    for (const [at, version] of versions.entries()) {
      const before = at === 0 ? null : claimOf(versions[at - 1] as Version);
      const now = claimOf(version);
      if (before?.state !== 'held' || now === null || now.gen === before.gen) continue;
      if (before.holder?.token === now.holder?.token) continue;
      put(findings, 'I10');
      const standing = versions[at - 1] as Version;
      const silentMs = version.at - standing.at;
      const isDead = standing.by?.isAlive === false && standing.by.machine === version.by?.machine;
      if (silentMs < deadMs - 1_000 && !isDead)
        red(findings, 'I10', `a claim was taken from a holder that had written ${seconds(silentMs)} before`);
    }
  }
  const admissions = server.history('waves/wave-1');
  for (const [at, version] of admissions.entries()) {
    const open =
      admissionOf(at === 0 ? null : (admissions[at - 1] as Version))?.entries.filter((one) => one.open) ?? [];
    for (const entry of open) {
      const after = admissionOf(version)?.entries;
      if (after?.some((one) => one.workKey === entry.workKey && one.open)) continue;
      const claim = claimOf(server.at(`claims/${entry.workKey}`, version.at));
      const owner = claim?.holder?.host;
      if (owner === version.by?.machine.name || machines.length === 0) continue;
      put(findings, 'I10');
      if (claim?.state === 'held' && claim.gen === entry.gen)
        red(findings, 'I10', `the entry of a living holder was closed at ${seconds(version.at)}`);
    }
  }
}

function noLossBeyondCheckpoint(trial: Trial, findings: Note, starts: readonly Start[]): void {
  for (const [at, start] of starts.entries()) {
    const next = starts[at + 1];
    const { endedAt, runner } = start;
    if (next === undefined || endedAt === null || start.outcome !== null || runner.machine.isAlive) continue;
    const uploadMs = 75_000;
    if (troubleBetween(trial, endedAt - checkpointMs - uploadMs, next.at)) continue;
    if (pausesOf(start).length > 0) continue;
    put(findings, 'I11');
    const safe = start.calls.filter(
      ({ to }) => to !== null && to <= endedAt - checkpointMs - uploadMs,
    ).length;
    if (next.from < start.from + safe && safe > 0)
      red(
        findings,
        'I11',
        `${safe} calls were done long before ${runner.machine.name} was killed, and ${next.from - start.from} were taken up`,
      );
  }
}

/** Settled work is served to whoever comes last, and nothing is shown that is not there. */
function nothingLost(
  { truth, server, plan }: Trial,
  findings: Note,
  { key, starts }: { key: string; starts: Start[] },
): void {
  const settled = starts.filter((start) => start.settledAt !== null);
  const last = truth.published.findLast((one) => one.key === key && one.machine === 'again2');
  if (settled.length > 0 && last === undefined && !isDeleted({ server } as Trial, key)) {
    const how = truth.ends.findLast((one) => one.key === key && one.machine === 'again2')?.how;
    const isRefused = plan.keys.find((one) => one.key === key)?.refuses === true;
    if (!isRefused)
      red(findings, 'lost', `${key.slice(0, 8)} was proven, and again2 ended with ${how ?? 'nothing'}`);
  }
  const unended = truth.ends.findLast((one) => one.key === key && one.machine === 'again2') === undefined;
  if (unended) red(findings, 'defect', `${key.slice(0, 8)} never ended on again2`);
}
