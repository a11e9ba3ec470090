import { EventEmitter } from 'node:events';
import { createCancellation, endWithNx } from './cancellation';

function child() {
  const process = Object.assign(new EventEmitter(), { ppid: 7 });
  const looks: (() => void)[] = [];
  let stopped = 0;
  endWithNx(process, (look) => {
    looks.push(look);
    return () => (stopped += 1);
  });
  return { process, look: () => looks.forEach((one) => one()), stopped: () => stopped };
}

describe('the end of a task', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'])('is asked for by %s', (event) => {
    const process = new EventEmitter();
    const signal = createCancellation(process);
    expect(signal.aborted).toBe(false);
    process.emit(event);
    expect(signal.aborted).toBe(true);
  });

  it('comes where the Nx that has started it is gone, without a channel that could close', () => {
    const { process, look, stopped } = child();
    const signal = createCancellation(process);
    look();
    expect([signal.aborted, stopped()]).toEqual([false, 0]);
    process.ppid = 1;
    look();
    expect([signal.aborted, stopped()]).toEqual([true, 1]);
  });
});
