// Tests engine/agent/run-agent.ts, engine/stages/run-gate.ts, engine/stages/run-prove.ts and engine/wave/run-launch.ts.
import { createWaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';

const needs = (path: string) => `node -e "require('fs').readFileSync('${path}')"`;
const firstText = 'A1 was here\n';

const agents = () => [
  {
    id: 'A1',
    does: `write('src/A1.txt', ${JSON.stringify(firstText)})`,
    proofCommands: [needs('src/A1.txt')],
  },
  { id: 'A2' },
  {
    id: 'A8',
    owns: ['src/joined.txt'],
    does: "write('src/joined.txt', read('src/A1.txt') + read('src/A2.txt'))",
  },
  { id: 'A0', owns: ['docs/reviews/wave-1.md'] },
];

describe('a wave', () => {
  it('closes on proof; a second launch, a lost state root and an edit of prose run no agent', async () => {
    await using rig = createWaveRig({ agents: agents() });
    const untouched = rig.fingerprint();
    const first = await rig.launch();
    expect(first.failures).toEqual([]);
    expect(first).toMatchObject({ ran: { A1: 1, A2: 1, A8: 1, A0: 1 }, closure: { state: 'closed' } });
    expect(rig.fingerprint()).toBe(untouched);
    expect(rig.read('.tmp/main-wave-launcher/closure/wave-1.patch')).toContain('+A1 was here');

    const second = await rig.launch();
    expect(second).toMatchObject({ ran: {}, closure: { state: 'closed' } });
    expect(second.tasks).toMatchObject({ 'agent-a1': 'reused', 'agent-a0': 'reused', launch: 'passed' });
    expect(second.closure).toEqual(first.closure);

    rigStore(rig).removeStateRoot();
    const third = await rig.launch();
    expect(third.ran).toEqual({});
    expect(third.closure).toEqual(first.closure);

    rig.write('src/base.txt', 'the base has moved\n');
    const fourth = await rig.launch();
    expect(fourth).toMatchObject({ ran: {}, closure: { state: 'closed' } });
    expect(fourth.closure?.mergedTree).not.toBe(first.closure?.mergedTree);
  });

  it('runs exactly the agent whose prompt changed, and later ones only when its result did', async () => {
    await using rig = createWaveRig({ agents: agents().slice(0, 3) });
    await rig.launch();

    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: 'Do the work of A1, in other words.' }));
    expect((await rig.launch()).ran).toEqual({ A1: 1 });

    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: "write('src/A1.txt', 'A1 has been here')" }));
    expect((await rig.launch()).ran).toEqual({ A1: 1, A8: 1 });

    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: agents()[0]?.id, does: agents()[0]?.does }));
    const back = await rig.launch();
    expect(back.closure?.state).toBe('closed');
    expect(rig.read('.tmp/main-wave-launcher/closure/wave-1.patch')).toContain('+A1 was here');
  });

  it('verifies again, and runs no agent, when only what it is accepted by changed', async () => {
    await using rig = createWaveRig({ agents: agents().slice(0, 3) });
    await rig.launch();
    rig.edit(({ A1 }) =>
      Object.assign(A1 ?? {}, { proofCommands: [needs('src/A1.txt'), needs('src/base.txt')] }),
    );
    const again = await rig.launch();
    expect(again).toMatchObject({ ran: {}, closure: { state: 'closed' } });
    expect(again.lines).toContain('verifying again: wave-1/A1/attempt-1 (no agent runs)');
    expect(again.tasks).toMatchObject({ 'agent-a1': 'proven', 'agent-a2': 'reused', 'agent-a8': 'reused' });
  });

  it('starts no agent whose context was edited while the wave ran: it would read the one and be proven for the other', async () => {
    const waits = { id: 'A8', reads: ['docs/context.md'] };
    await using rig = createWaveRig({
      agents: [{ id: 'A1' }, waits],
      files: { 'docs/context.md': 'before\n' },
    });
    const edited = `${rig.root}/docs/context.md`;
    // Stands for a person who edits the file in their own tree meanwhile.
    rig.edit(({ A1 }) =>
      Object.assign(A1 ?? {}, {
        does: `write('src/A1.txt', 'made'); write(${JSON.stringify(edited)}, 'after');`,
      }),
    );
    expect(await rig.launch()).toMatchObject({ failures: [{ code: 'context-changed' }], ran: { A1: 1 } });
    expect(await rig.launch()).toMatchObject({ failures: [], ran: { A8: 1 }, closure: { state: 'closed' } });
  });

  it('carries files below the state root to later stages, and into no patch', async () => {
    const report = '.tmp/main-wave-launcher/integration/wave-1.md';
    await using rig = createWaveRig({
      agents: [
        { id: 'A1' },
        { id: 'A8', owns: [report], does: `write(${JSON.stringify(report)}, 'joined\\n')` },
        {
          id: 'A0',
          owns: ['docs/review.md'],
          does: `write('docs/review.md', read(${JSON.stringify(report)}))`,
        },
      ],
    });
    expect((await rig.launch()).closure).toMatchObject({
      state: 'closed',
      changes: [{ path: 'docs/review.md' }, { path: 'src/A1.txt' }],
    });
    rigStore(rig).removeStateRoot();
    expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed' } });
  });
});
