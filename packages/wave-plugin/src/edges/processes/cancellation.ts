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

export interface NxWatch {
  /** The process of Nx, as it says itself (`NX_INVOCATION_ANCESTOR_PIDS`); null where it says none. */
  nx: number | null;
  lives?: (pid: number) => boolean;
  /** Looks again and again; gives what ends it. */
  repeat?: (look: () => void) => () => void;
}

/**
 * For a process that Nx has no channel to: where whoever started it is gone, killed without a word, `disconnect` is emitted, as Node does
 * where a channel closes. Holds the process back from nothing.
 */
export function endWithNx(
  process: EventEmitter & { ppid: number },
  { nx, lives = isAlive, repeat = every(lookEveryMs) }: NxWatch,
): void {
  const parent = process.ppid;
  const stop = repeat(() => {
    if (process.ppid === parent && (nx === null || lives(nx))) return;
    stop();
    process.emit('disconnect');
  });
}

/** The last of the processes that Nx names, outermost first: the one that has started this task. */
export function nxProcessOf(env: Readonly<Record<string, string | undefined>>): number | null {
  const [, pid] = /(?:^|\D)(\d{1,10})$/.exec(env['NX_INVOCATION_ANCESTOR_PIDS'] ?? '') ?? [];
  return pid === undefined ? null : Number(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function every(ms: number): (look: () => void) => () => void {
  return (look) => {
    const timer = setInterval(look, ms);
    timer.unref();
    return () => clearInterval(timer);
  };
}
