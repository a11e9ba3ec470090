import { type ProgramOutcome } from '../../adapters/adapter';

/** An abort signal that follows the user's and can be pulled for a reason of the runner's own. */
export interface StopSwitch {
  signal: AbortSignal;
  /** How the run has ended where the runner pulled it; null where it did not. */
  reason(): ProgramOutcome | null;
  because(reason: ProgramOutcome): void;
  /** Pulls it without a reason after `ms`, counted from the first of several calls. */
  soon(ms: number): void;
  /** Takes `soon` back. */
  notYet(): void;
  dispose(): void;
}

export function createStopSwitch(outer: AbortSignal): StopSwitch {
  const controller = new AbortController();
  let reason: ProgramOutcome | null = null;
  let timer: NodeJS.Timeout | undefined;
  const follow = () => controller.abort();
  if (outer.aborted) follow();
  outer.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    reason: () => reason,
    because: (why) => {
      reason ??= why;
      controller.abort();
    },
    soon: (ms) => {
      timer ??= setTimeout(follow, ms);
    },
    notYet: () => {
      clearTimeout(timer);
      timer = undefined;
    },
    dispose: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', follow);
    },
  };
}
