import { createKeepAlive } from './keep-alive';

/** A program on a clock of its own: what it shows by itself at which second, and what is shown at which. */
function watch(seconds: number, own: Record<number, string>, used: string | null = null) {
  let now = 1_000_000;
  const shown: string[] = [];
  const keepAlive = createKeepAlive((line) => shown.push(`${second}: ${line}`), {
    now: () => now,
    used: () => used,
  });
  let second = 0;
  for (; second <= seconds; second += 1) {
    const line = own[second];
    if (line !== undefined) keepAlive.heard(line);
    keepAlive.tick();
    now += 1000;
  }
  return shown;
}

describe('a program that is silent', () => {
  it('has a line each minute: how long, what it did last, what it used', () => {
    expect(watch(130, { 10: 'runs npm test' }, '12 tokens, $0.10')).toEqual([
      '65: at work for 1 min 5 s; last 55 s ago: runs npm test; used 12 tokens, $0.10',
      '120: at work for 2 min; last 1 min 50 s ago: runs npm test; used 12 tokens, $0.10',
    ]);
  });

  it('has one too where it never told anything', () => {
    expect(watch(60, {})).toEqual(['55: at work for 55 s; nothing told yet']);
  });

  it('is never silent for more than a minute, whenever it speaks', () => {
    const own = Object.fromEntries([3, 4, 60, 119, 300].map((second) => [second, 'says']));
    const times = [0, ...Object.keys(own), ...watch(600, own).map((line) => line.split(':')[0])]
      .map(Number)
      .sort((a, b) => a - b);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60);
  });

  it('adds nothing where it speaks for itself', () => {
    expect(
      watch(300, Object.fromEntries(Array.from({ length: 11 }, (_, index) => [index * 30, 'says']))),
    ).toEqual([]);
  });
});
