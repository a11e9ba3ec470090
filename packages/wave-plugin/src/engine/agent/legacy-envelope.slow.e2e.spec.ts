import { createWaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';

const proof = '[wave-proof] completion=contract durability=none proof=unit state=met detail=all green';
const prints = (...lines: string[]) =>
  `silent(); write('src/A1.txt', 'the work of A1'); console.log(${JSON.stringify(lines.join('\n'))});`;

const wave = (does: string, legacySignals = true) =>
  createWaveRig({ agents: [{ id: 'A1', does }], config: { compat: { legacySignals } } });

describe('an agent that prints markers and leaves no envelope', () => {
  it('is proven by what it claims, and the envelope says where it comes from', async () => {
    await using rig = wave(prints('Working.', proof, '[wave-doc-delta] state=owned paths=src/A1.txt'));
    const ended = await rig.launch();
    expect(ended.failures).toEqual([]);
    expect(ended.closure).toMatchObject({ state: 'closed' });
    expect(ended.lines).toContain('no envelope: that of agent A1 is made from the markers that it printed');
    const [folder = ''] = rigStore(rig).proofs();
    const text = (name: string) => rig.read(`${folder.slice(rig.root.length + 1)}/${name}`);
    expect(JSON.parse(text('envelope.json'))).toMatchObject({
      _synthesizedFromLegacy: true,
      agentId: 'A1',
      proof: { state: 'satisfied', completion: 'contract', detail: 'all green' },
      implementation: { docDelta: { state: 'owned' } },
    });
    expect(text('events.jsonl')).toContain('"envelope.synthesized"');
  });

  it.each([
    ['no marker at all', ['All done, everything is green.'], 'legacy-marker-missing'],
    ['markers in an example only', ['```', 'I was told to print:', proof, '```'], 'legacy-marker-missing'],
    ['a marker that cannot be read', ['[wave-proof] state=met'], 'legacy-marker-malformed'],
  ])('is not proven by %s', async (_what, lines, code) => {
    await using rig = wave(prints(...lines));
    const ended = await rig.agent('A1');
    expect(ended.failures.map((one) => one.code)).toEqual(['envelope-missing', code]);
    expect(rigStore(rig).proofs()).toEqual([]);
  });

  it('is held to its claims: a gap is no proof', async () => {
    await using rig = wave(prints(proof.replace('state=met', 'state=gap')));
    expect((await rig.agent('A1')).failures).toMatchObject([{ code: 'proof-state-gap' }]);
  });

  it('needs an envelope where the configuration does not allow markers', async () => {
    await using rig = wave(prints(proof), false);
    expect((await rig.agent('A1')).failures.map(({ code }) => code)).toEqual(['envelope-missing']);
  });

  it('is not believed over its own envelope, good or bad', async () => {
    await using rig = wave(`${prints(proof)} raw('{"agentId": "A1"');`);
    expect((await rig.agent('A1')).failures.map(({ code }) => code)).toEqual(['envelope-malformed']);
  });
});

describe('a cont-QA agent that writes its verdict into its report', () => {
  const gate = '[wave-gate] architecture=pass integration=pass durability=pass live=pass docs=pass';
  const qa = (report: string) =>
    createWaveRig({
      agents: [
        { id: 'A1' },
        {
          id: 'A0',
          owns: ['docs/reviews/wave-1-cont-qa.md'],
          does: `silent(); write('docs/reviews/wave-1-cont-qa.md', ${JSON.stringify(report)}); console.log('${gate}');`,
        },
      ],
      config: { compat: { legacySignals: true } },
    });

  it('closes the wave with PASS and leaves it open with BLOCKED', async () => {
    await using passes = qa('# Review\n\nVerdict: PASS - well done\n');
    expect((await passes.launch()).closure).toMatchObject({ state: 'closed' });
    await using blocks = qa('# Review\n\nVerdict: BLOCKED - the tests are red\n\nVerdict: PASS\n');
    const ended = await blocks.launch();
    expect(ended.closure).toMatchObject({ state: 'open' });
    expect(ended.tasks).toMatchObject({ 'agent-a0': 'proven', 'gate-cont-qa': 'failed' });
  });
});
