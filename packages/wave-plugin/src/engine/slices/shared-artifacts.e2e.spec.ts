// Tests engine/slices/tree-proof.ts and engine/slices/slices.ts.
import { createWaveRig } from '../../testing/rig';

const folder = '.tmp/proof/';
const wave = (second: string) =>
  createWaveRig({
    agents: [
      {
        id: 'A1',
        owns: ['src/A1.txt', folder],
        does: `write('src/A1.txt', '1'); write('${folder}one.json', '1');`,
      },
      {
        id: 'A2',
        owns: ['src/A2.txt', folder],
        does: `write('src/A2.txt', '2'); write('${folder}${second}', '2');`,
      },
    ],
  });

describe('a folder of artifacts that two agents of a stage own', () => {
  it('takes the files of both', async () => {
    await using rig = wave('two.json');
    const ended = await rig.launch();
    expect(ended.failures).toEqual([]);
    expect(ended.closure).toMatchObject({ state: 'closed' });
  });

  it('stops the gate over a file that both have left, and names it', async () => {
    await using rig = wave('one.json');
    const ended = await rig.launch();
    expect(ended.tasks).toMatchObject({
      'agent-a1': 'proven',
      'agent-a2': 'proven',
      'gate-implementation': 'failed',
    });
    expect(ended.closure).toMatchObject({ state: 'open' });
    expect(ended.lines.join('\n')).toContain('A1 and A2 have both left an artifact at .tmp/proof/one.json');
  });
});
