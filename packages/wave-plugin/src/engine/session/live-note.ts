import type { Usage } from '@nx-wave/schemas';
import type { ResolvedAgent } from '../../core/model';
import type { LiveNote } from '../../core/views/live-note';
import { writeUnflushed } from '../../edges/files/write-file';
import type { LiveTeller } from '../program/program';
import type { Session } from './session';

/** So often what a program does reaches whoever watches; a change of phase is told at once. */
const betweenMs = 2_000;

/** What an attempt tells of itself while it runs. */
export interface LiveAttempt extends LiveTeller {
  enter(phase: LiveNote['phase']): void;
}

/** Tells of an attempt in `control-plane/wave-<n>/<unit>.json`. What cannot be written is not told: it costs no run. */
export function tellLive({ edges, paths, at }: Session, agent: ResolvedAgent, attempt: number): LiveAttempt {
  const path = at(paths.live(agent.unitId));
  const iso = (ms = edges.now().getTime()) => new Date(ms).toISOString();
  let note: LiveNote = {
    schemaVersion: 1,
    unitId: agent.unitId,
    attempt,
    executor: agent.executor.id,
    phase: 'preparing',
    startedAt: iso(),
    at: iso(),
    last: null,
    turns: null,
    usage: null,
    waiting: null,
    launch: { ...edges.runOwner },
  };
  let writtenMs = -Infinity;
  // One after the other: the newest note stays.
  let writing: Promise<unknown> = Promise.resolve();
  const tell = (change: Partial<LiveNote>, urgent: boolean): void => {
    note = { ...note, ...change, at: iso() };
    const now = edges.clock.now();
    if (!urgent && now - writtenMs < betweenMs) return;
    writtenMs = now;
    const text = JSON.stringify(note);
    writing = writing.then(() => writeUnflushed(path, text));
  };
  const enter = (phase: LiveNote['phase']) => tell({ phase, waiting: null }, true);
  return {
    enter,
    did: (text) => tell({ last: { text, at: iso() } }, false),
    used: (usage: Usage | null, turns) => tell({ usage, turns }, false),
    starts: (executor) => tell({ executor, phase: 'working', waiting: null }, true),
    waits(reason, ms) {
      const until = ms === undefined ? null : iso(edges.now().getTime() + ms);
      tell({ phase: 'waiting', waiting: { reason, since: iso(), until } }, true);
    },
  };
}
