import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tailBuffer } from './tail-buffer';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('the last lines of a stream', () => {
  it('are kept, each as far as it is shown', () => {
    const tail = tailBuffer(2, 3);
    for (const line of ['one', 'twö…', 'three']) tail.add(line);
    expect(tail.text()).toBe('twö\nthr');
  });

  it('take the memory of what is kept, not of what it was taken from', () => {
    const mib = 1024 * 1024;
    const tail = tailBuffer(60);
    collect();
    const before = process.memoryUsage();
    for (let line = 0; line < 60; line += 1) tail.add(Buffer.alloc(4 * mib, 97).toString());
    collect();
    const after = process.memoryUsage();
    expect(tail.text().length).toBe(60 * 2_001 - 1);
    expect((after.heapUsed - before.heapUsed) / mib).toBeLessThan(60);
  });
});
