import { type EventEmitter } from 'node:events';

/** Aborts when Nx or the user ends the task: SIGTERM, SIGINT, SIGHUP, or the channel to Nx closing because Nx itself was killed. */
export function createCancellation(process: EventEmitter): AbortSignal {
  const controller = new AbortController();
  for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'])
    process.on(event, () => controller.abort());
  return controller.signal;
}

/** How often it is looked whether Nx still lives. */
const lookEveryMs = 500;

/**
 * For a process that Nx has no channel to: where whoever started it is gone, killed without a word, `disconnect` is emitted, as Node does
 * where a channel closes. Holds the process back from nothing.
 */
export function endWithNx(
  process: EventEmitter & { ppid: number },
  repeat: (look: () => void) => () => void = every(lookEveryMs),
): void {
  const parent = process.ppid;
  const stop = repeat(() => {
    if (process.ppid === parent) return;
    stop();
    process.emit('disconnect');
  });
}

function every(ms: number): (look: () => void) => () => void {
  return (look) => {
    const timer = setInterval(look, ms);
    timer.unref();
    return () => clearInterval(timer);
  };
}
