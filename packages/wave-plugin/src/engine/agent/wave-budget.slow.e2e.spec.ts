// Tests engine/agent/may-run.ts and engine/session/spending.ts.
import { paidProgram } from '../../testing/paid-program';
import { localAdapter } from '../../adapters/local.adapter';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { type RigAgent } from '../../testing/rig-wave';
import { readStatus, statusWithUsage } from '../wave/read-status';

const uses = (tokens: number, cents: number) =>
  `console.log(JSON.stringify({ tokens: ${tokens}, cents: ${cents} }));`;
const paid = (id: string, does: string): RigAgent => ({ id, executorId: 'paid', command: null, does });
const makeRig = (agents: RigAgent[], budget: Record<string, number>): WaveRig =>
  createWaveRig({ agents, config: { budget }, adapters: [paidProgram, localAdapter] });

describe('the budget of a wave', () => {
  it('stops the agent whose work takes the wave over it, and starts no other one that costs', async () => {
    await using rig = makeRig(
      [
        paid('A1', `${uses(600, 30)} write('src/A1.txt', 'one');`),
        paid(
          'A2',
          `${uses(300, 15)} write('src/A2.txt', 'two'); ${uses(500, 25)} setInterval(() => {}, 1e6);`,
        ),
        paid('A3', `${uses(10, 1)} write('src/A3.txt', 'three');`),
        { id: 'A0' },
      ],
      { tokens: 1_000, usd: 9 },
    );
    const { tasks, failures, ran } = await rig.launch();
    expect(tasks).toMatchObject({ 'agent-a1': 'proven', 'agent-a2': 'failed', 'agent-a3': 'failed' });
    expect(ran).toEqual({ A1: 1, A2: 1 });
    expect(failures).toMatchObject([
      { code: 'agent-budget', message: expect.stringContaining('its wave has used 1100 of 1000 tokens') },
      { code: 'wave-budget', next: expect.stringContaining('wave.config.json') },
    ]);
    // Raised, it goes on from what was done; nobody who is proven is paid again.
    rig.configure({ budget: { tokens: 10_000 } });
    rig.edit(({ A2 }) => {
      if (A2) A2.does = `${uses(10, 1)} write('src/A2.txt', 'two');`;
    });
    const again = await rig.launch();
    expect(again.closure?.state).toBe('closed');
    expect(again.ran).toEqual({ A0: 1, A2: 1, A3: 1 });
  });

  it('counts what a run used that was killed before it could tell its end', async () => {
    await using rig = makeRig(
      [
        paid('A1', `${uses(2_000, 100)} if (attempt === 1) process.kill(process.pid, 'SIGKILL');`),
        { id: 'A0' },
      ],
      { usd: 1 },
    );
    expect((await rig.agent('A1')).failures).toHaveLength(1);
    const { failures, ran } = await rig.agent('A1');
    expect(failures).toMatchObject([
      { code: 'wave-budget', message: expect.stringContaining('$1.00 of $1') },
    ]);
    expect(ran).toEqual({});
    const edges = rig.edges();
    const session = await rig.session(edges);
    if (!session.ok) throw new Error('no session');
    expect(statusWithUsage(await readStatus(session.value))).toMatchObject({
      spending: { usage: { inputTokens: 2_000, usd: 1 }, unpriced: false },
      budget: { usd: 1, tokens: null, minutes: null },
    });
  });

  it('ends a silent program when the minutes of the wave are over', async () => {
    await using rig = makeRig([paid('A1', 'setInterval(() => {}, 1e6);'), { id: 'A0' }], { minutes: 0.02 });
    const { failures } = await rig.agent('A1');
    expect(failures).toMatchObject([
      { code: 'agent-budget', message: expect.stringContaining('0.02 minutes') },
    ]);
  });

  it('keeps work that was done before anyone could stop it, and lets programs that cost nothing run', async () => {
    await using rig = makeRig(
      [paid('A1', `${uses(99, 9)} write('src/A1.txt', 'one');`), { id: 'A2' }, paid('A3', ''), { id: 'A0' }],
      { tokens: 10 },
    );
    const { tasks } = await rig.launch();
    expect(tasks).toMatchObject({ 'agent-a1': 'proven', 'agent-a2': 'proven', 'agent-a3': 'failed' });
  });
});
