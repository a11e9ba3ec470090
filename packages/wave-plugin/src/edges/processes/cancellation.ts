import { type EventEmitter } from 'node:events';

/** Aborts when Nx or the user ends the task: SIGTERM, SIGINT, SIGHUP, or the channel to Nx closing because Nx itself was killed. */
export function createCancellation(process: EventEmitter): AbortSignal {
  const controller = new AbortController();
  for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'])
    process.on(event, () => controller.abort());
  return controller.signal;
}
