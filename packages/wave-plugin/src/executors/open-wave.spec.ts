import { openEdges, sleepFor } from './open-wave';

describe('a wait', () => {
  it('that is longer than a timer can hold does not end at once', async () => {
    const stop = new AbortController();
    let ended = false;
    const sleep = sleepFor(60 * 86_400_000, stop.signal).then(() => {
      ended = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).toBe(false);
    stop.abort();
    await sleep;
    expect(ended).toBe(true);
  });

  it.each([0, -1, Number.NaN])('of %d is none', async (ms) => {
    await sleepFor(ms, new AbortController().signal);
  });
});

describe('the edges of a task', () => {
  it.each([
    ['Windows', { platform: 'win32', plugAndPlay: false }, 'platform-unsupported'],
    ["Yarn's Plug'n'Play", { platform: 'linux', plugAndPlay: true }, 'install-unsupported'],
  ])('are refused on %s: no wave is opened, nothing is made and nobody is paid', (_, facts, code) => {
    expect(openEdges('/nowhere', facts)).toMatchObject({ ok: false, error: { code } });
  });
});
