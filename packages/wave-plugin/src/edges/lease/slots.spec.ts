import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireSlot } from './lease';

describe('acquireSlot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nx-wave-slots-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const never = new AbortController().signal;

  it('gives out no more places than there are, and a released one again', async () => {
    const take = (onWait = () => undefined) =>
      acquireSlot({ folder, count: 2, signal: never, onWait, pollMs: 5 });
    const first = await take();
    const second = await take();
    const events: string[] = [];
    const third = take(() => void events.push('waits')).then((slot) => {
      events.push('has a place');
      return slot;
    });
    const waiting = new Promise<void>((resolve) => {
      const look = () => (events.length > 0 ? resolve() : setImmediate(look));
      look();
    });
    await waiting;
    expect(events).toEqual(['waits']);
    if (first.ok) await first.value.release();
    expect((await third).ok).toBe(true);
    expect(events).toEqual(['waits', 'has a place']);
    expect(second.ok).toBe(true);
  });

  it('gives out places by number, from the one that is asked for on, and no place twice', async () => {
    const ask = {
      folder: join(folder, 'numbered'),
      count: 3,
      first: 2,
      signal: never,
      onWait: () => undefined,
    };
    const places = [];
    for (let times = 0; times < 3; times += 1) {
      const place = await acquireSlot(ask);
      places.push(place.ok ? place.value.slot : place.error.code);
    }
    expect(places).toEqual([2, 0, 1]);
  });

  it('stops waiting when the run is cancelled', async () => {
    const cancelled = new AbortController();
    const full = join(folder, 'full');
    await acquireSlot({ folder: full, count: 1, signal: never, onWait: () => undefined });
    const slot = await acquireSlot({
      folder: full,
      count: 1,
      signal: cancelled.signal,
      onWait: () => cancelled.abort(),
      pollMs: 5,
    });
    expect(slot).toMatchObject({ ok: false, error: { code: 'agent-cancelled' } });
  });
});
