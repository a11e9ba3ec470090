import { EventEmitter } from 'node:events';
import { createCancellation, endWithNx, nxProcessOf } from './cancellation';

/** A task below the process 7, which Nx (5) or a shell of Nx is. */
function task(nx: number | null = null) {
  const process = Object.assign(new EventEmitter(), { ppid: 7 });
  const living = new Set([5]);
  const looks: (() => void)[] = [];
  let stopped = 0;
  endWithNx(process, {
    nx,
    lives: (pid) => living.has(pid),
    repeat: (look) => {
      looks.push(look);
      return () => (stopped += 1);
    },
  });
  const signal = createCancellation(process);
  const look = () => {
    looks.forEach((one) => one());
    return [signal.aborted, stopped];
  };
  return { process, living, look };
}

describe('the end of a task', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'])('is asked for by %s', (event) => {
    const process = new EventEmitter();
    const signal = createCancellation(process);
    expect(signal.aborted).toBe(false);
    process.emit(event);
    expect(signal.aborted).toBe(true);
  });

  it('comes where whoever has started it is gone, without a channel that could close', () => {
    const { process, look } = task();
    expect(look()).toEqual([false, 0]);
    process.ppid = 1;
    expect(look()).toEqual([true, 1]);
  });

  it('comes where Nx itself is gone, whose place between was another process, or who was gone before the task had begun', () => {
    const { living, look } = task(5);
    expect(look()).toEqual([false, 0]);
    living.delete(5);
    expect(look()).toEqual([true, 1]);
    expect(task(4).look()).toEqual([true, 1]);
  });
});

describe('the process of Nx', () => {
  it.each([
    ['12', 12],
    ['3,12', 12],
    ['', null],
    ['3,', null],
    ['twelve', null],
    [undefined, null],
  ])('is the last that Nx names: %s', (pids, expected) => {
    expect(nxProcessOf({ NX_INVOCATION_ANCESTOR_PIDS: pids })).toBe(expected);
  });
});
