import { stages } from '@nx-wave/schemas/plain';
import { allRoles, allRolesFiles, allRolesHeader } from '../../packages/wave-plugin/src/testing/all-roles';
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

const units = ['D1', 'D2-design', 'D2', 'A1', 'I1', 'P1', 'R1', 'E0', 'A7', 'A8', 'A9', 'A0'];

describe('a wave of every role in a real workspace', () => {
  let clone: WaveWorkspace;
  beforeAll(() => {
    clone = createWaveWorkspace({});
    for (const [path, text] of Object.entries(allRolesFiles)) clone.write(path, text);
    clone.writeWave(1, allRoles, allRolesHeader);
    clone.git('add', '-A');
    clone.git('commit', '-q', '-m', 'a wave of every role');
  });
  afterAll(() => clone.dispose());

  it('closes through the gate of every stage, each agent run once', async () => {
    const { code, output } = await clone.nx(['run', 'wave-1:launch']);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    const closure = clone.closure(1);
    expect(closure).toMatchObject({
      state: 'closed',
      proof: { code: 'proven', integration: 'proven', deploy: 'proven' },
    });
    expect(closure.agents.map(({ agentId }) => agentId)).toEqual(units);
    expect(closure.verdicts.map(({ stage, ok }) => [stage, ok])).toEqual(
      stages.map((stage) => [stage, true]),
    );
    const once = Object.fromEntries(allRoles.map(({ id }) => [id, id === 'D2' ? 2 : 1]));
    expect(clone.started()).toEqual(once);
    expect(clone.git('status', '--porcelain')).toBe('');
  });

  it('is served from the cache, verifies to the byte and lands', async () => {
    const again = await clone.nx(['run', 'wave-1:launch']);
    expect(again.cached.sort()).toEqual(again.tasks.sort());
    const verified = await clone.nx(['run', 'wave-1:verify', '--replay']);
    expect({ code: verified.code, output: verified.code === 0 ? '' : verified.output }).toEqual({
      code: 0,
      output: '',
    });
    expect((await clone.nx(['run', 'wave-1:land', '--commit'])).code).toBe(0);
    expect(clone.read('docs/plans/component-cutover-matrix.json')).toContain(
      '"currentLevel":"baseline-proved"',
    );
    const landed = await clone.nx(['run', 'wave-1:launch']);
    expect(landed.output).toContain('wave-1 has landed (completed)');
    expect(clone.started()['D2']).toBe(2);
    await clone.nx(['run', 'wave-1:report', '--format=markdown']);
    const report = clone.read('.tmp/main-wave-launcher/reports/wave-1/report.md');
    expect(report).toContain('**It has landed.** wave-1 has landed.');
    expect(report).toContain('| `docs/plans/component-cutover-matrix.json` | changed, by A9');
    expect(report).toMatch(/\| landed \d+ paths \|/);
  });
});
