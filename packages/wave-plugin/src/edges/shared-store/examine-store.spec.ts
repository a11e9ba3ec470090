import { openMemoryBackend } from '../../testing/memory-backend';
import type { Backend } from '../../core/shared-store/backend';
import { bindStore, probeStore, type StoreTools } from './examine-store';

let made = 0;
const toolsOf = (backend: Backend): StoreTools => ({
  backend,
  nonce: () => `op-${(made += 1)}`,
  pause: async () => undefined,
});
const trouble = (kind: 'throttled' | 'credentials') =>
  ({ answer: 'unknown', trouble: { kind, detail: `the service says ${kind}` } }) as const;

describe('the binding of a shared store', () => {
  it('is made by the first process, and holds for every other of the same repository', async () => {
    const backend = openMemoryBackend();
    expect(await bindStore(toolsOf(backend), 'shop')).toMatchObject({ ok: true });
    expect(await bindStore(toolsOf(backend), 'shop')).toMatchObject({ ok: true });
  });

  it('refuses another repository, by name', async () => {
    const backend = openMemoryBackend();
    await bindStore(toolsOf(backend), 'shop');
    const bound = await bindStore(toolsOf(backend), 'bank');
    expect(bound).toMatchObject({ ok: false, error: { code: 'store-other-repository' } });
    expect(JSON.stringify(bound)).toContain('shop');
  });

  it.each(['{"format":2,"repository":"shop"}', '{', '[]', '{"repository":"shop"}'])(
    'refuses %s',
    async (text) => {
      const backend = openMemoryBackend();
      await backend.putIfAbsent('_about.json', new TextEncoder().encode(text));
      expect(await bindStore(toolsOf(backend), 'shop')).toMatchObject({
        ok: false,
        error: { code: 'store-format' },
      });
    },
  );

  it('is found again when the answer to its write was lost', async () => {
    const backend = openMemoryBackend();
    const losing: Backend = {
      ...backend,
      putIfAbsent: async (key, body) => {
        await backend.putIfAbsent(key, body);
        return trouble('throttled');
      },
    };
    expect(await bindStore(toolsOf(losing), 'shop')).toMatchObject({ ok: true });
  });

  it('is not believed where the store gives no answer', async () => {
    const backend = openMemoryBackend();
    backend.troubles.push(...Array.from({ length: 9 }, () => trouble('throttled')));
    expect(await bindStore(toolsOf(backend), 'shop')).toMatchObject({ error: { code: 'store-unavailable' } });
    backend.troubles.splice(0, 9, ...Array.from({ length: 9 }, () => trouble('credentials')));
    expect(await bindStore(toolsOf(backend), 'shop')).toMatchObject({ error: { code: 'store-credentials' } });
  });
});

describe('the probe of a shared store', () => {
  it('passes where conditions are kept, however often and by however many at once', async () => {
    const backend = openMemoryBackend();
    const probes = Array.from({ length: 3 }, () => probeStore(toolsOf(backend)));
    expect(await Promise.all(probes)).toContainEqual(expect.objectContaining({ ok: true }));
    expect(await probeStore(toolsOf(backend))).toMatchObject({ ok: true });
    expect([...backend.objects.keys()]).toEqual(['_probe.json']);
  });

  it('refuses a service that does not know conditional writes', async () => {
    const backend = openMemoryBackend({ obeys: false });
    expect(await probeStore(toolsOf(backend))).toMatchObject({ ok: false, error: { code: 'store-unsafe' } });
  });

  it('refuses a service that knows the condition of a create alone', async () => {
    const backend = openMemoryBackend();
    const half: Backend = {
      ...backend,
      replaceIfMatch: async (key, body) => {
        const there = await backend.get(key);
        return backend.replaceIfMatch(key, body, { tag: there.answer === 'done' ? there.tag : '' });
      },
    };
    expect(await probeStore(toolsOf(half))).toMatchObject({ error: { code: 'store-unsafe' } });
  });

  it('refuses a service whose ETags do not change', async () => {
    const backend = openMemoryBackend();
    const same: Backend = {
      ...backend,
      get: async (key) => {
        const there = await backend.get(key);
        return there.answer === 'done' ? { ...there, tag: 'same' } : there;
      },
      replaceIfMatch: async (key, body) => {
        await backend.replaceIfMatch(key, body, { tag: backend.objects.get(key)?.tag ?? '' });
        return { answer: 'done', tag: 'same' };
      },
    };
    expect(await probeStore(toolsOf(same))).toMatchObject({ error: { code: 'store-unsafe' } });
  });

  it('lets nobody pay where it cannot be made', async () => {
    const backend = openMemoryBackend();
    backend.troubles.push(...Array.from({ length: 30 }, () => trouble('credentials')));
    expect(await probeStore(toolsOf(backend))).toMatchObject({ error: { code: 'store-credentials' } });
  });
});
