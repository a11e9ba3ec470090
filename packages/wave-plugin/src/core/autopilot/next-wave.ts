import type { AutopilotEnd } from './next-step';

/** A wave of a lane as its autopilot has come to it; `end` is null until its own autopilot has ended. */
export interface LaneWave {
  wave: string;
  landed: boolean;
  /** The configuration lets the autopilot land it. */
  lands: boolean;
  end: AutopilotEnd | null;
}

export type LaneStep =
  { step: 'fly'; wave: string } | { step: 'land'; wave: string } | { step: 'end'; end: AutopilotEnd };

/**
 * What the autopilot of a lane does next: the first wave in order that is not done. A wave that does not close ends the lane,
 * for later ones are written for what it was to leave; nothing lands unless the configuration says so.
 */
export function nextWave(lane: string, waves: readonly LaneWave[]): LaneStep {
  for (const { wave, landed, lands, end } of waves) {
    if (end === null) return { step: 'fly', wave };
    if (end.outcome !== 'closed') return { step: 'end', end };
    if (lands && !landed) return { step: 'land', wave };
  }
  const detail = `Every wave of ${lane} ${waves.length > 0 && waves.every(({ landed }) => landed) ? 'has landed' : 'is closed'}.`;
  const first = waves.find(({ landed }) => !landed);
  const next = first === undefined ? null : `nx run ${first.wave}:land`;
  return { step: 'end', end: { outcome: 'closed', why: 'closed', detail, next } };
}
