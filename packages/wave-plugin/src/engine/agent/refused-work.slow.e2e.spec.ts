// Tests engine/agent/run-agent.ts and engine/agent/judge-attempt.ts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { longEnough } from '../../testing/long-enough';
import { type RigLaunch, type WaveRig, createWaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { refusedAgents, refusedCases } from '../../testing/refused-cases';

describe('a program that does not end', () => {
  const hangs = {
    id: 'A1',
    does: "write('src/A1.txt', 'half'); silent(); await new Promise((done) => setTimeout(done, 600_000));",
  };

  it.each([
    ['runs past its limit', 'attemptMinutes', 'agent-timeout'],
    ['is silent for too long', 'idleMinutes', 'agent-idle'],
  ])('%s: it is ended, and what it did is kept', async (_title, limit, code) => {
    const endedAt = async (limitMs: number) => {
      await using rig = createWaveRig({
        agents: [hangs],
        config: { limits: { [limit]: limitMs / 60_000 } },
      });
      const patch = join(rig.root, '.git/nx-wave/attempts/wave-1/A1/attempt-1/bundle/changes.patch');
      const ended = await rig.agent('A1');
      return { ...ended, kept: existsSync(patch) ? readFileSync(patch, 'utf8') : '' };
    };
    const { failures, lines, kept } = await longEnough(2_400, endedAt, (end) => end.kept.includes('+half'));
    expect(failures).toMatchObject([{ code, next: expect.stringContaining(`limits.${limit}`) }]);
    expect(lines.slice(-2)).toEqual([
      'next: nx run wave-1:launch',
      expect.stringMatching(/^outcome: (failed|open) \(/),
    ]);
    expect(kept).toContain('+half');
  });

  it('is ended when the user cancels, and goes on from there the next time', async () => {
    const controller = new AbortController();
    await using rig = createWaveRig({
      agents: [
        {
          ...hangs,
          does: `if (exists('src/A1.txt')) write('src/A1.txt', 'whole'); else { ${hangs.does.replace('silent();', "console.log('begun'); silent();")} }`,
        },
      ],
    });
    const print = (line: string) => (line.includes('begun') ? controller.abort() : undefined);
    const cancelled = await rig.agent('A1', { signal: controller.signal, print });
    expect(cancelled.failures).toMatchObject([{ code: 'agent-cancelled' }]);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' } });
  });
});

describe('the slice of an agent', () => {
  let rig: WaveRig;
  let untouched: string;
  beforeAll(() => {
    rig = createWaveRig({ agents: refusedAgents() });
    untouched = rig.fingerprint();
  });
  afterAll(() => rig.dispose());

  it.each(refusedCases.map((one, at) => ({ id: `X${at + 1}`, ...one })))(
    '$title is refused with a clear word, and what it left is kept',
    async ({ id, codes, tells, started = true, kept = started }) => {
      const ended: RigLaunch = await rig.agent(id);
      expect(ended.failures.map(({ code }) => code)).toEqual(codes);
      const printed = ended.lines.join('\n');
      for (const text of tells) expect(printed).toMatch(text);
      expect(printed).toMatch(/\n(?: {2}Next: |next: ).+\n/);
      expect(ended.lines.at(-2)).toMatch(/^next: nx run wave-1:/);
      expect(ended.lines.at(-1)).toMatch(/^outcome: (failed|blocked) \(/);
      expect(ended.closure).toMatchObject({ state: 'open' });
      expect(ended.closure?.reasons).toContainEqual(
        expect.objectContaining({ code: codes[0], agentIds: [id] }),
      );
      expect(ended.ran).toEqual(started ? { [id]: 1 } : {});
      expect(existsSync(join(rig.root, `.tmp/main-wave-launcher/handoff/wave-1/${id}.json`))).toBe(false);
      const bundle = join(rig.root, '.git/nx-wave/attempts/wave-1', id, 'attempt-1/bundle/changes.patch');
      if (kept) expect(existsSync(bundle)).toBe(true);
    },
  );

  it('never reaches the proof store, and the tree is untouched', () => {
    expect(rigStore(rig).proofs()).toEqual([]);
    expect(rig.fingerprint()).toBe(untouched);
  });
});
