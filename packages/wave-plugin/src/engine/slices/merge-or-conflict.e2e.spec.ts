import { runGate } from '../stages/run-gate';
import { createWaveRig, type RigOptions } from '../../testing/rig';

/** `src/A1.txt/../..` is the top folder where `src/A1.txt` is a folder, and above it where that is a link to the top. */
const linksOut: Record<string, { agents: RigOptions['agents']; before?: string; named: string[] }> = {
  'two slices': {
    agents: [
      { id: 'A1', does: "link('..', 'src/A1.txt');" },
      { id: 'A2', does: "link('A1.txt/../outside', 'src/A2.txt');" },
    ],
    named: ['A1', 'A2'],
  },
  'one slice and a link of the base': {
    agents: [{ id: 'A1', does: "link('..', 'src/A1.txt');" }, { id: 'A2' }],
    before: 'A1.txt/../outside',
    named: ['A1'],
  },
};

describe('mergeOrConflict', () => {
  it.each(Object.keys(linksOut))(
    'refuses links that lead out of the repository only by %s',
    async (title) => {
      const { agents, before, named } = linksOut[title] ?? { agents: [], named: [] };
      await using rig = createWaveRig({ agents, ...(before ? { links: { 'src/way.txt': before } } : {}) });
      const launched = await rig.launch();
      expect(launched.ran).toEqual({ A1: 1, A2: 1 });
      expect(launched.closure?.state).not.toBe('closed');
      const session = await rig.session();
      if (!session.ok) throw new Error('the wave cannot be opened');
      const gate = await runGate(session.value, 'implementation');
      expect(gate.ok && gate.value.reasons).toMatchObject([{ code: 'symlink-escape', agentIds: named }]);
    },
  );

  it('does not blame a wave for a link of the base that nobody touches', async () => {
    await using rig = createWaveRig({
      agents: [
        { id: 'A1', does: "link('base.txt', 'src/A1.txt');" },
        { id: 'A0', owns: ['docs/reviews/wave-1.md'] },
      ],
      links: { 'src/way.txt': '/etc/hosts' },
    });
    const session = await rig.session();
    await rig.agent('A1');
    if (!session.ok) throw new Error('the wave cannot be opened');
    const gate = await runGate(session.value, 'implementation');
    expect(gate.ok && gate.value.reasons).toEqual([]);
  });
});
