import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

/** As most people have it: Nx keeps the graph in a process of its own, and every plugin in another. */
const kept = { NX_DAEMON: 'true', NX_ISOLATE_PLUGINS: 'true' };

describe('a wave in a workspace whose graph the daemon of Nx keeps', () => {
  let clone: WaveWorkspace;
  beforeAll(() => {
    clone = createWaveWorkspace({ 1: [{ id: 'A1' }, { id: 'A0', owns: ['docs/reviews/wave-1.md'] }] });
  });
  afterAll(async () => {
    await clone.nx(['daemon', '--stop'], kept);
    clone.dispose();
  });
  const nx = (...args: string[]) => clone.nx(args, kept);
  /** The daemon learns of a change a moment after it was made; asks until it has. */
  const shows = async (args: string[], expected: (output: string) => boolean): Promise<void> => {
    let output = '';
    for (const end = performance.now() + 300_000; performance.now() < end;) {
      output = (await nx('show', ...args)).output;
      if (expected(output)) return;
    }
    throw new Error(`nx show ${args.join(' ')} still says: ${output}`);
  };
  const keyOfA1 = async (): Promise<string> => {
    const { output } = await nx('show', 'target', 'wave-1:agent-a1', '--json');
    const [key] = /echo [0-9a-f]{64}/.exec(output) ?? [];
    if (key === undefined) throw new Error(`no key in ${output}`);
    return key;
  };

  it('closes, and is served from the cache the second time', async () => {
    expect((await nx('run', 'wave-1:launch')).code).toBe(0);
    expect(clone.closure(1).state).toBe('closed');
    const second = await nx('run', 'wave-1:launch');
    expect(second.cached.sort()).toEqual(second.tasks.sort());
    expect((await nx('daemon')).output).toContain('is currently running');
  });

  it('is read again when its file or its ledger has changed', async () => {
    const before = await keyOfA1();
    clone.writeWave(1, [
      { id: 'A1', prompt: 'Do it in another way.' },
      { id: 'A0', owns: ['docs/reviews/wave-1.md'] },
    ]);
    await shows(['target', 'wave-1:agent-a1', '--json'], (output) => !output.includes(before));
    await nx('run', 'wave-1:launch');
    expect(clone.started()).toEqual({ A0: 1, A1: 2 });
    const edited = await keyOfA1();
    expect(
      (await nx('run', 'wave-1:retry', '--agent=A1', '--apply', '--by=Ada', '--reason=once more')).code,
    ).toBe(0);
    await shows(['target', 'wave-1:agent-a1', '--json'], (output) => !output.includes(edited));
    await nx('run', 'wave-1:launch');
    expect(clone.started()).toEqual({ A0: 1, A1: 3 });
  });

  it('appears, breaks and goes with its file', async () => {
    clone.writeWave(2, [{ id: 'A1' }]);
    await shows(['projects'], (output) => output.includes('wave-2'));
    clone.write('docs/plans/waves/wave-2.md', '# Wave 2\n\n## Agent A1: A\n');
    await shows(['project', 'wave-2', '--json'], (output) => output.includes('wave-broken'));
    const broken = await nx('run', 'wave-2:launch');
    expect(broken.code).not.toBe(0);
    expect(broken.output).toContain('docs/plans/waves/wave-2.md');
    clone.remove('docs/plans/waves/wave-2.md');
    await shows(['projects'], (output) => !output.includes('wave-2'));
  });
});
