// Tests engine/agent/judge-attempt.ts and engine/slices/tree-proof.ts: a judgement that is cancelled is none.
import { createWaveRig } from '../../testing/rig';

jest.setTimeout(120_000);

const agents = [{ id: 'A1', proofCommands: ['node -e 0'] }];

describe('work that was cancelled while it was verified', () => {
  it('is kept, and the next launch verifies it without running the agent', async () => {
    await using rig = createWaveRig({ agents });
    const { git } = rig.edges();
    const stop = new AbortController();
    const collect: typeof git.collect = async (...call) => {
      const collected = await git.collect(...call);
      stop.abort();
      return collected;
    };
    const cancelled = await rig.agent('A1', { git: { ...git, collect }, signal: stop.signal });
    expect(cancelled).toMatchObject({ failures: [{ code: 'agent-cancelled' }], ran: { A1: 1 } });
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(again.lines).toContain('verifying again: wave-1/A1/attempt-1 (no agent runs)');
  });
});

describe('a merged tree whose proof was cancelled', () => {
  it('is judged by nobody: no agent is to blame', async () => {
    await using rig = createWaveRig({ agents: [...agents, { id: 'A2', proofCommands: ['node -e 1'] }] });
    await rig.agent('A1');
    await rig.agent('A2');
    const { git } = rig.edges();
    const stop = new AbortController();
    const mergeSlices: typeof git.mergeSlices = async (...call) => {
      const merged = await git.mergeSlices(...call);
      stop.abort();
      return merged;
    };
    const cancelled = await rig.launch({ git: { ...git, mergeSlices }, signal: stop.signal });
    expect(cancelled).toMatchObject({
      tasks: { 'gate-implementation': 'failed' },
      failures: [{ code: 'agent-cancelled' }],
    });
    expect(cancelled.lines.join('\n')).not.toContain('merge-red');
    expect(await rig.launch()).toMatchObject({ closure: { state: 'closed' }, ran: {} });
  });
});
