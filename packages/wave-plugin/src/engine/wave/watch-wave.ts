import { join } from 'node:path';
import type { Usage } from '@nx-wave/schemas';
import type { Failure, Result } from '@nx-wave/schemas/plain';
import { wasPaid } from '../../core/paid-attempts';
import { addUsage } from '../../core/usage';
import { parseLiveNote, type LiveNote } from '../../core/views/live-note';
import type { Span } from '../../core/views/report/block';
import { runningMsOf } from '../../core/views/report/usage-section';
import { watchEnd, watchNews, watchTable, type Told, type WatchInput } from '../../core/views/watch';
import { namesIn } from '../../edges/files/list-folder';
import { readText } from '../../edges/files/read-file';
import { stampOf } from '../../edges/files/stat';
import { currentOwner, livenessOf } from '../../edges/lease/owner';
import type { Session } from '../session/session';
import { judgeStatus, type WaveStatus } from './read-status';
import { gatherWave, type GatheredWave, type StoredAttempt } from './wave-evidence';

/** Where a watch is shown: a table that is drawn again, or lines that follow each other. */
export interface WatchScreen {
  /** Columns and lines of the window; null where only lines can be shown. */
  window(): { width: number; height: number } | null;
  /** In place of what was drawn before. */
  draw(lines: readonly Span[][]): void;
  print(line: string): void;
}

/** Milliseconds between two looks, and at most between two judgements of all that is stored. */
const lookMs = 1_000;
const judgeMs = 10_000;
/** A launch on a machine that cannot be asked counts as alive for so long after its last word. */
const silenceMs = 150_000;

type Stored = Omit<WatchInput, 'notes'>;

/**
 * Shows a wave until the launch that it saw has ended, it is closed, or the person ends it; `once`: as it is now. Only
 * reads. `open`: the wave as it is by then, its ledger too.
 */
export async function watchWave(
  first: Session,
  screen: WatchScreen,
  { once, open }: { once: boolean; open: () => Promise<Result<Session, Failure[]>> },
): Promise<void> {
  const { edges } = first;
  let session = first;
  let stored = await readStored(session);
  let stamp = await stampOf(watched(session));
  let judgedAt = edges.clock.now();
  let told: Told | null = null;
  let wasAlive = false;
  const judge = async (): Promise<void> => {
    const opened = await open();
    if (opened.ok) session = opened.value;
    stored = await readStored(session);
    judgedAt = edges.clock.now();
  };
  for (;;) {
    const nowMs = edges.now().getTime();
    const notes = await readNotes(session);
    const isAlive = notes.some((note) => isOfLiving(note, nowMs));
    const hasEnded = wasAlive && !isAlive;
    if (hasEnded) await judge();
    told = show(screen, { ...stored, notes }, { nowMs, told });
    const isOver = once || hasEnded || stored.closure.state === 'closed' || edges.signal.aborted;
    if (isOver || (screen.window() === null && !isAlive)) break;
    wasAlive = isAlive;
    await edges.clock.sleep(lookMs, edges.signal);
    const seen = await stampOf(watched(session));
    if (seen !== stamp || edges.clock.now() - judgedAt >= judgeMs) await judge();
    stamp = seen;
  }
  for (const line of watchEnd({ ...stored, notes: [] }, { isDrawn: screen.window() !== null }))
    screen.print(line);
}

function show(
  screen: WatchScreen,
  input: WatchInput,
  { nowMs, told }: { nowMs: number; told: Told | null },
): Told | null {
  const window = screen.window();
  if (window !== null) {
    screen.draw(watchTable(input, { nowMs, ...window }));
    return told;
  }
  const news = watchNews(input, { nowMs, told });
  news.lines.forEach((line) => screen.print(line));
  return news.told;
}

async function readStored(session: Session): Promise<Stored> {
  const gathered = await gatherWave(session);
  return storedOf(session, gathered, await judgeStatus(session, gathered));
}

/** The same for whoever has gathered and judged it. */
export function storedOf(session: Session, { attempts }: GatheredWave, status: WaveStatus): Stored {
  const { state, plan, closure, spending, budget } = status;
  return { state, plan, closure, spending, budget, used: usedBy(attempts), redact: session.redactor.redact };
}

/** What each unit has used, over all attempts that are known. */
function usedBy(attempts: readonly StoredAttempt[]): Stored['used'] {
  const used: Record<string, { usage: Usage | null; runningMs: number | null }> = {};
  for (const attempt of attempts.filter(({ predicate }) => wasPaid(predicate))) {
    const { agentId, usage } = attempt.predicate;
    const before = used[agentId] ?? { usage: null, runningMs: null };
    const ms = runningMsOf(attempt);
    const runningMs = ms === null ? before.runningMs : (before.runningMs ?? 0) + ms;
    used[agentId] = { usage: addUsage(before.usage, usage), runningMs };
  }
  return used;
}

/** What running attempts tell of themselves; nothing where none ever ran here. */
export async function readNotes({ at, paths, wave }: Session): Promise<LiveNote[]> {
  const folder = at(paths.liveDir);
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.json'));
  const notes = await Promise.all(
    names.map(async (name) => parseLiveNote(await readText(join(folder, name)))),
  );
  const known = new Set(wave.agents.map(({ unitId }) => unitId));
  return notes.filter((note) => note !== null).filter(({ unitId }) => known.has(unitId));
}

function isOfLiving({ launch, at }: LiveNote, nowMs: number): boolean {
  const liveness = livenessOf(launch, currentOwner());
  return liveness === 'alive' || (liveness === 'unknown' && nowMs - Date.parse(at) < silenceMs);
}

/** What changes when a wave gets on. */
function watched({ at, paths, wave }: Session): string[] {
  const { path, ledgerDir } = wave.identity;
  return [
    path,
    ledgerDir,
    paths.controlPlane,
    paths.handoffDir,
    paths.gatesDir,
    paths.prove,
    paths.closure,
  ].map(at);
}
