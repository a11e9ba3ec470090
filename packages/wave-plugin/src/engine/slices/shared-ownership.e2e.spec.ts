// Tests engine/slices/base.ts and core/resolve/cross-rules.ts.
import { createWaveRig } from '../../testing/rig';

const shared = 'src/shared.txt';

describe('a file that two agents of a stage own', () => {
  it('holds the work of both where one waits for the other, in whatever order they stand in the file', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          owns: [shared],
          dependsOn: ['A2'],
          does: `write('${shared}', read('${shared}') + 'of A1');`,
        },
        { id: 'A2', owns: [shared], does: `write('${shared}', 'of A2, then ');` },
      ],
    });
    const ended = await rig.launch();
    expect(ended.failures).toEqual([]);
    expect(ended.closure).toMatchObject({ state: 'closed' });
  });

  it('is left to merging where the configuration says so, and a conflict names both', async () => {
    await using rig = createWaveRig({
      config: { validation: { ownershipOverlap: 'warn' } },
      agents: [
        { id: 'A1', owns: [shared], does: `write('${shared}', 'one');` },
        { id: 'A2', owns: [shared], does: `write('${shared}', 'two');` },
      ],
    });
    const ended = await rig.launch();
    expect(ended.closure).toMatchObject({ state: 'open' });
    expect(ended.lines.join('\n')).toMatch(/A2\b.*conflicts with.*A1\b.*src\/shared\.txt/);
  });
});
