import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type WaveRig, createWaveRig } from '../../testing/rig';

let rig: WaveRig;
afterEach(() => rig.dispose());

const copies = (from: string) => `write('src/A1.txt', read(${JSON.stringify(from)}));`;

describe('the checkout of an agent', () => {
  it('has what workspace.links and workspace.setup ask for, for the agent and for its proof', async () => {
    rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: `write('src/A1.txt', read('node_modules/made.txt') + read('secrets/key.txt'));`,
          proofCommands: ['cmp node_modules/made.txt node_modules/made.txt', 'test -s secrets/key.txt'],
        },
      ],
      files: {
        'setup.mjs': `import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('node_modules'); writeFileSync('node_modules/made.txt', 'made');`,
      },
      config: { workspace: { setup: ['node setup.mjs'], links: ['secrets'] } },
    });
    writeFileSync(join(rig.root, '.git/info/exclude'), 'secrets\n');
    mkdirSync(join(rig.root, 'secrets'));
    writeFileSync(join(rig.root, 'secrets/key.txt'), ' and linked');
    const { failures, ran } = await rig.agent('A1');
    expect([failures, ran]).toEqual([[], { A1: 1 }]);
  });

  it('is not made when workspace.setup fails, and nobody is paid', async () => {
    rig = createWaveRig({
      agents: [{ id: 'A1' }],
      files: { 'setup.mjs': `console.error('registry is down'); process.exit(7);` },
      config: { workspace: { setup: ['node setup.mjs'] } },
    });
    const { failures, ran } = await rig.agent('A1');
    expect(failures).toMatchObject([
      {
        code: 'workspace-setup-failed',
        next: expect.stringMatching(/registry.*proof\.env.*proof\.services/),
      },
    ]);
    expect(failures[0]?.message).toMatch(/node setup\.mjs[^]*registry is down/);
    expect(ran).toEqual({});
  });

  it('tells the person when an agent wrote through a link into their packages', async () => {
    rig = createWaveRig({
      agents: [{ id: 'A1', does: `write('node_modules/dep/index.js', 'poison'); ${copies('src/base.txt')}` }],
      files: { 'package.json': '{}' },
    });
    writeFileSync(join(rig.root, '.git/info/exclude'), 'node_modules\n');
    mkdirSync(join(rig.root, 'node_modules/dep'), { recursive: true });
    writeFileSync(join(rig.root, 'node_modules/dep/index.js'), 'good');
    const { lines } = await rig.agent('A1');
    expect(lines.filter((line) => line.includes('node_modules/dep/index.js'))).toMatchObject([
      expect.stringContaining('warning'),
    ]);
  });
});
