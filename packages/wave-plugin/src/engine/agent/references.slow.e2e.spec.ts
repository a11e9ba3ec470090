// Tests engine/agent/agent-prompt.ts and engine/agent/agent-inputs.ts.
import { createWaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';

const index = {
  defaultBundle: 'none',
  bundles: { none: {}, streams: { libraries: [{ libraryName: 'node', queryHint: 'pipeline' }] }, web: {} },
};
const bundle = (id: string) => `### Context7\n\n- bundle: ${id}`;

describe('a document of a Context7 bundle', () => {
  it('stands in the prompts of the agents that have the bundle, and a change of it runs those again', async () => {
    await using rig = createWaveRig({
      agents: [
        { id: 'A1', sections: bundle('streams') },
        { id: 'A2', sections: bundle('web') },
        { id: 'A3' },
      ],
      files: {
        'docs/context7/bundles.json': JSON.stringify(index),
        'docs/context7/streams/node.md': 'Use pipeline, never pipe.\n',
        'docs/context7/web/fetch.md': 'Use fetch.\n',
      },
    });
    expect((await rig.launch()).ran).toEqual({ A1: 1, A2: 1, A3: 1 });
    const prompts = rigStore(rig)
      .proofs()
      .map((folder) => rig.read(`${folder.slice(rig.root.length + 1)}/prompt.md`));
    expect(prompts.filter((text) => text.includes('Use pipeline, never pipe.'))).toHaveLength(1);
    expect(prompts.filter((text) => text.includes('Use fetch.'))).toHaveLength(1);

    rig.write('docs/context7/streams/node.md', 'Use pipeline, and nothing else.\n');
    expect((await rig.launch()).ran).toEqual({ A1: 1 });
    rig.write('docs/context7/web/more.md', 'Mind the headers.\n');
    expect((await rig.launch()).ran).toEqual({ A2: 1 });
    rig.write('docs/context7/other/notes.md', 'For nobody.\n');
    expect((await rig.launch()).ran).toEqual({});
  });
});

describe('the levels of a component matrix', () => {
  it('are those that the claims of an agent are measured by', async () => {
    const claims = (level: string) =>
      `write('src/A1.txt', 'x'); envelope({ implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [{ componentId: 'core', level: '${level}', state: 'met', detail: null }] } });`;
    await using rig = createWaveRig({
      header: '## Component promotions\n\n- core: smooth',
      agents: [{ id: 'A1', sections: '### Components\n\n- core', does: claims('rough') }],
      files: {
        'docs/plans/component-cutover-matrix.json': JSON.stringify({
          levels: ['rough', 'smooth', 'polished'],
          components: {
            core: { currentLevel: 'smooth', promotions: [{ wave: 1, target: 'smooth' }] },
          },
        }),
      },
    });
    expect((await rig.agent('A1')).failures).toMatchObject([{ code: 'component-gap' }]);
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: claims('polished') }));
    const ended = await rig.launch();
    expect(ended.failures).toEqual([]);
    expect(ended.closure).toMatchObject({ state: 'closed' });
  });
});
