import type { AutopilotReport, HumanInput, Notification } from '@nx-wave/schemas';
import { canonicalJson, err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { boundLines, boundsOf } from '../../core/autopilot/bounds';
import { nextStep, type AutopilotEnd, type AutopilotRules } from '../../core/autopilot/next-step';
import { repairEntry } from '../../core/autopilot/repair-entry';
import { autopilotAuthor } from '../../core/autopilot/sight';
import { endNotification, notificationKey, questionNotification } from '../../core/autopilot/notification';
import { describeHumanInput } from '../../core/people/questions';
import { describeFailure } from '../../core/views/describe-failure';
import { neededParallel } from '../../core/views/parallel-hint';
import type { PostEdge } from '../../edges/notify/post';
import { namesIn } from '../../edges/files/list-folder';
import { writeUnflushed } from '../../edges/files/write-file';
import { likelyLimit } from '../agent/forecast-costs';
import type { Edges } from '../session/edges';
import { appendLedger } from '../session/ledger-writer';
import type { Session } from '../session/session';
import {
  autopilotRecord,
  newReport,
  readTold,
  takeControls,
  writeReport,
  writeTold,
} from './autopilot-record';
import { lookAtWave, type Look } from './look-at-wave';
import { notifyPeople } from './notify-people';
import { humanInputs } from './read-status';

/** What an autopilot needs of the world beside the edges of every command. */
export interface AutopilotDoors {
  /** The wave as it stands now: an answer, an edit or a landing counts from the next step on. */
  open(): Promise<Result<Session, Failure[]>>;
  /** Runs the launch of the wave through Nx to its end; its exit code, null where it was ended from outside. */
  launch(session: Session, options: { parallel: number }): Promise<number | null>;
  post: PostEdge;
  /** The rules that hold it; all where absent. */
  rules?: AutopilotRules;
}

/** How often somebody who waits for an answer looks for it. */
const pollMs = 5_000;

/** One autopilot at work. */
interface Flight {
  edges: Edges;
  doors: AutopilotDoors;
  report: AutopilotReport;
  /** The state before the launch that this run made last. */
  before: string | null;
  told: Set<string>;
  /** When it began to wait for an answer; null while it does not. */
  waitsSince: number | null;
}

/**
 * Runs a wave until it is closed, or a person has to speak, or a bound is reached. The loop holds no knowledge: every step follows from what is
 * stored, so that a killed autopilot is started again and goes on. What it writes are the ledger entries of repairs, and what it
 * did. Codes: autopilot-running, those of opening a wave and of writing.
 */
export async function runAutopilot(
  edges: Edges,
  doors: AutopilotDoors,
): Promise<Result<AutopilotReport, Failure[]>> {
  const opened = await doors.open();
  if (!opened.ok) return opened;
  const { project } = opened.value.wave.identity;
  const record = autopilotRecord(opened.value.durableRoot, project);
  const controls = await takeControls(record);
  if (!controls.ok) return err([controls.error]);
  try {
    const report = newReport(project, edges.now());
    const told = await readTold(record);
    const flight: Flight = { edges, doors, report, before: null, told, waitsSince: null };
    for (const warning of opened.value.warnings) edges.print(describeFailure(warning));
    let last = opened.value;
    let end: AutopilotEnd | null = null;
    while (end === null) {
      const session: Result<Session, Failure[]> = report.steps.length === 0 ? opened : await doors.open();
      if (session.ok) last = session.value;
      end = session.ok ? await takeStep(flight, session.value) : unreadable(session.error);
    }
    await tellEnd(flight, last, end);
    Object.assign(report, { state: 'ended', ...end, endedAt: edges.now().toISOString() });
    const kept = await keepReport(last, report);
    return kept.ok ? ok(report) : err([kept.error]);
  } finally {
    await controls.value.release();
  }
}

/** Null while it goes on. */
async function takeStep(flight: Flight, session: Session): Promise<AutopilotEnd | null> {
  const { edges, doors, report } = flight;
  const { project } = session.wave.identity;
  if (edges.signal.aborted) return cancelled(project);
  const look = await lookAtWave(session, flight.before);
  if (!look.ok) return unreadable([look.error]);
  const { sight, questions } = look.value;
  report.questions = humanInputs(session, questions);
  if (report.bounds === null) {
    const stop = sayBounds(flight, session, look.value);
    if (stop !== null) return stop;
  }
  const next = nextStep(sight, session.wave.settings.autopilot, doors.rules);
  if (next.step === 'launch') {
    const step: AutopilotReport['steps'][number] = { step: 'launch', exitCode: null };
    report.steps.push(step);
    flight.waitsSince = null;
    await keepReport(session, report);
    flight.before = sight.progress;
    const parallel = neededParallel(session.wave);
    edges.print(`autopilot: launch ${countSteps(report, 'launch')} of ${project}, ${parallel} tasks at once`);
    step.exitCode = await doors.launch(session, { parallel });
    return null;
  }
  if (next.step === 'apply') return sendBack(flight, session, { agents: next.agents, look: look.value });
  if (next.end.why !== 'question') return next.end;
  await tellQuestions(flight, session, report.questions);
  return waitForAnswer(flight, session, { end: next.end, questions });
}

/** Finished work goes back by an entry of the ledger: agents with the reasons in their inbox, as `retry --apply` writes it. */
async function sendBack(
  flight: Flight,
  session: Session,
  { agents, look }: { agents: string[]; look: Look },
): Promise<AutopilotEnd | null> {
  const { state, plan } = look.sight.standing;
  const entry = { ...repairEntry(state, agents), by: autopilotAuthor, reason: plan.why_resuming };
  const applied = await appendLedger(session, entry);
  if (!applied.ok) return unreadable([applied.error]);
  flight.report.steps.push({ step: 'apply', agents });
  flight.edges.print(
    `autopilot: sends ${agents.join(', ')} back (${applied.value.path}): ${plan.why_resuming}`,
  );
  await keepReport(session, flight.report);
  return null;
}

/** Nothing is paid before the person could read what holds it. */
function sayBounds({ edges, report }: Flight, session: Session, { forecast }: Look): AutopilotEnd | null {
  const limit = likelyLimit(session);
  if (!limit.ok) return unreadable([limit.error]);
  const bounds = boundsOf(session.wave.settings, { maxUsd: limit.value?.usd ?? null, forecast });
  report.bounds = bounds;
  const { identity, dependsOn } = session.wave;
  const more = { forecast, limitFrom: limit.value?.from ?? null, dependsOn };
  for (const line of boundLines(identity.project, bounds, more)) edges.print(line);
  return null;
}

/**
 * Ends at once, or looks for an answer as long as `autopilot.waitMinutes` says and some question has not timed out; every
 * deadline that passes meanwhile is told. Null when the ledger has changed.
 */
async function waitForAnswer(
  flight: Flight,
  session: Session,
  { end, questions }: { end: AutopilotEnd; questions: Look['questions'] },
): Promise<AutopilotEnd | null> {
  const { edges, report } = flight;
  const { waitMinutes } = session.wave.settings.autopilot;
  if (waitMinutes === 0) return end;
  if (flight.waitsSince === null) {
    flight.waitsSince = edges.now().getTime();
    report.steps.push({ step: 'wait' });
    edges.print(`autopilot: waits up to ${waitMinutes} min for an answer; nothing is paid meanwhile`);
  }
  const until = flight.waitsSince + waitMinutes * 60_000;
  for (;;) {
    report.questions = humanInputs(session, questions);
    await tellQuestions(flight, session, report.questions);
    await keepReport(session, report);
    if (edges.signal.aborted) return cancelled(session.wave.identity.project);
    if (edges.now().getTime() >= until || report.questions.every(({ state }) => state === 'timed_out'))
      return end;
    await edges.clock.sleep(pollMs, edges.signal);
    if (await hasNewEntries(session)) return null;
  }
}

/** Whether the ledger has an entry that this session has not read. */
async function hasNewEntries({ at, wave, ledger, endedWaivers }: Session): Promise<boolean> {
  const known = new Set([...ledger, ...endedWaivers].map(({ id, type }) => `${id}-${type}.json`));
  return (await namesIn(at(wave.identity.ledgerDir))).some(
    (name) => name.endsWith('.json') && !known.has(name),
  );
}

/** Each question once for everybody whose it becomes. */
async function tellQuestions(
  flight: Flight,
  session: Session,
  questions: readonly HumanInput[],
): Promise<void> {
  for (const question of questions) {
    const notification = questionNotification(question, flight.edges.now());
    if (flight.told.has(notificationKey(notification))) continue;
    flight.edges.print(`question: ${describeHumanInput(question)}`);
    await tell(flight, session, notification);
  }
}

/** An end is told again only after something has been done. */
async function tellEnd(flight: Flight, session: Session, end: AutopilotEnd): Promise<void> {
  const { edges, report } = flight;
  const { project } = session.wave.identity;
  const notification = endNotification(project, end, { question: null, at: edges.now() });
  // Questions have been told one by one.
  if (notification === null || notification.event === 'question') return;
  const worked = report.steps.length > 0;
  if (!worked && flight.told.has(notificationKey(notification))) return;
  await tell(flight, session, notification);
}

async function tell(flight: Flight, session: Session, notification: Notification): Promise<void> {
  const { edges, doors, report, told } = flight;
  const { redactor, workspaceRoot, wave } = session;
  const context = { edges, workspaceRoot, settings: wave.settings.notify, redactor, post: doors.post };
  const failed = await notifyPeople(context, notification);
  for (const text of failed) edges.print(`warning: notify-failed: ${text}`);
  report.notices.push(...failed);
  // Who could not be told is told again by the next run.
  if (failed.length > 0) return;
  told.add(notificationKey(notification));
  await writeTold(autopilotRecord(session.durableRoot, wave.identity.project), told);
}

async function keepReport(session: Session, report: AutopilotReport): Promise<Result<void>> {
  const kept = await writeReport(autopilotRecord(session.durableRoot, report.project), report);
  await writeUnflushed(session.at(session.paths.autopilot), `${canonicalJson(report)}\n`);
  return kept;
}

function countSteps({ steps }: AutopilotReport, step: string): number {
  return steps.filter((one) => one.step === step).length;
}

const cancelled = (project: string): AutopilotEnd => ({
  outcome: 'open',
  why: 'cancelled',
  detail: `The autopilot of ${project} was ended from outside; finished work is kept.`,
  next: `nx run ${project}:autopilot`,
});

function unreadable(failures: readonly Failure[]): AutopilotEnd {
  const [first] = failures;
  const detail = first === undefined ? 'The wave cannot be opened.' : first.message;
  return { outcome: 'blocked', why: 'unreadable', detail, next: first?.next ?? null };
}
