// Tests engine/stages/run-gate.ts and engine/wave/verify-wave.ts.
import { stages } from '@nx-wave/schemas/plain';
import { allRoles, allRolesFiles, allRolesHeader } from '../../testing/all-roles';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { verifyWave } from './verify-wave';

const units = ['D1', 'D2-design', 'D2', 'A1', 'I1', 'P1', 'R1', 'E0', 'A7', 'A8', 'A9', 'A0'];
async function replay(rig: WaveRig) {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return verifyWave(session.value, { replay: true });
}

describe('a wave of every role', () => {
  it('waits for the component matrix, then closes, and every verdict is made again to the byte', async () => {
    const forgetful = "write('docs/plans/current-state.md', 'Nothing to say.')";
    await using rig = createWaveRig({
      agents: allRoles.map((agent) => (agent.id === 'A9' ? { ...agent, does: forgetful } : agent)),
      header: allRolesHeader,
      files: allRolesFiles,
    });
    const open = await rig.launch();
    expect(open.failures.map(({ message }) => message)).toEqual([]);
    expect(open.closure?.reasons.filter(({ repair }) => repair !== 'wait')).toMatchObject([
      { code: 'component-current-level-stale', agentIds: ['A9'] },
    ]);
    expect(open.tasks).toMatchObject({ 'gate-documentation': 'failed', 'agent-a0': 'skipped' });
    const { D2, A0: _notYet, ...once } = Object.fromEntries(allRoles.map(({ id }) => [id, 1]));
    expect(open.ran).toEqual({ ...once, D2: (D2 ?? 0) + 1 });

    rig.edit(({ A9 }) =>
      Object.assign(A9 ?? {}, { does: allRoles.find(({ id }) => id === 'A9')?.does ?? null }),
    );
    const { closure, ran } = await rig.launch();
    expect(ran).toEqual({ A9: 1, A0: 1 });
    expect(closure?.reasons).toEqual([]);
    expect(closure).toMatchObject({
      state: 'closed',
      proof: { code: 'proven', integration: 'proven', deploy: 'proven' },
    });
    expect(closure?.agents.map(({ agentId }) => agentId)).toEqual(units);
    expect(closure?.verdicts.map(({ stage, ok }) => [stage, ok])).toEqual(
      stages.map((stage) => [stage, true]),
    );
    const report = await replay(rig);
    expect(report.failures).toEqual([]);
    expect(new Set(report.verdicts.map(({ state }) => state))).toEqual(new Set(['replayed']));
  });
});
