import { createWaveRig } from '../testing/rig';
import { rigStore } from '../testing/rig-store';

jest.setTimeout(180_000);

/**
 * A program with the events of Codex: the first start does the work and leaves `first` as its envelope, a resumed one
 * leaves `second`; each start is counted.
 */
const codex = (first: string, second: string, again = '') => `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const resumed = process.argv.includes('resume');
const prompt = readFileSync(0, 'utf8');
const say = (event) => console.log(JSON.stringify(event));
say({ type: 'thread.started', thread_id: 'thread-1' });
say({ type: 'turn.started' });
if (!resumed) writeFileSync('src/A1.txt', 'the work of A1');
if (resumed && !prompt.includes('only the result envelope')) process.exit(9);
const text = resumed ? ${JSON.stringify(second)} : ${JSON.stringify(first)};
if (text !== '') writeFileSync(process.env.WAVE_RESULT_ENVELOPE, text);
if (resumed) { ${again} }
appendFileSync(COUNTS, resumed ? 'repair\\n' : 'work\\n');
// Counts from the start of the session.
const [input_tokens, output_tokens] = resumed ? [25, 9] : [10, 5];
say({ type: 'turn.completed', usage: { input_tokens, cached_input_tokens: 0, output_tokens } });
`;

const good = JSON.stringify({
  schemaVersion: 2,
  agentId: 'A1',
  role: 'implementation',
  proof: { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null },
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
});

const wave = (first: string, second: string, again?: string) =>
  createWaveRig({
    agents: [{ id: 'A1', executorId: 'codex', proofCommands: ['grep -q work src/A1.txt'] }],
    programs: { codex: codex(first, second, again) },
  });

describe('a format slip of an agent that can be asked again', () => {
  it.each([
    ['no envelope', ''],
    ['an envelope that is not JSON', '{"agentId":'],
    [
      'an envelope without its payload',
      JSON.stringify({ schemaVersion: 2, agentId: 'A1', role: 'implementation' }),
    ],
  ])('costs a repair and not a run: %s', async (_title, first) => {
    await using rig = wave(first, good);
    const ended = await rig.agent('A1');
    expect(ended.failures).toEqual([]);
    expect(ended.lines).toContain('repairing: agent A1 is asked for its envelope again');
    expect(rig.runs()).toEqual({ work: 1, repair: 1 });
    const [folder = '', ...others] = rigStore(rig).proofs();
    expect(others).toEqual([]);
    const { predicate } = JSON.parse(rig.read(`${folder.slice(rig.root.length + 1)}/manifest.json`));
    expect(predicate.usage).toMatchObject({ inputTokens: 25, outputTokens: 9 });
  });

  it('that is repeated fails the slice; the work is kept', async () => {
    await using rig = wave('nonsense', 'nonsense');
    const ended = await rig.agent('A1');
    expect(ended.failures).toMatchObject([{ code: 'envelope-malformed' }]);
    expect(rig.runs()).toEqual({ work: 1, repair: 1 });
    expect(rig.read('.git/nx-wave/attempts/wave-1/A1/attempt-1/bundle/changes.patch')).toContain(
      'the work of A1',
    );
  });

  it('is no chance to change the files: what was proven is what was there before', async () => {
    await using rig = wave(
      '',
      good,
      "writeFileSync('src/A1.txt', 'something else'); writeFileSync('src/base.txt', '');",
    );
    expect((await rig.agent('A1')).failures).toEqual([]);
    const [folder = ''] = rigStore(rig).proofs();
    const patch = rig.read(`${folder.slice(rig.root.length + 1)}/changes.patch`);
    expect(patch).toContain('the work of A1');
    expect(patch).not.toContain('something else');
    expect(patch).not.toContain('src/base.txt');
  });

  it('is not repaired under another name, nor when the files themselves are refused', async () => {
    await using strange = wave(good.replace('"A1"', '"A2"'), good);
    expect((await strange.agent('A1')).failures).toMatchObject([{ code: 'envelope-identity' }]);
    expect(strange.runs()).toEqual({ work: 1 });
    await using refused = wave('', good);
    refused.edit(({ A1 }) => Object.assign(A1 ?? {}, { proofCommands: ['grep -q magic src/A1.txt'] }));
    expect((await refused.agent('A1')).failures.map(({ code }) => code)).toEqual([
      'proof-command-failed',
      'envelope-missing',
    ]);
    expect(refused.runs()).toEqual({ work: 1 });
  });
});
