// Tests engine/agent/decide-envelope.ts and engine/agent/launch-agent.ts.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';

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

/** What is in the files below a folder. */
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

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

  const token = 'kept-out-of-everything-1';
  const leak = `say({ type: 'item.completed', item: { type: 'agent_message', text: 'It is ' + process.env.CODEX_API_KEY } });`;

  it.each([
    ['repaired', good],
    ['not repaired', 'nonsense'],
  ])('has all of both passes in its bundle when it was %s', async (_title, second) => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', executorId: 'codex', proofCommands: ['grep -q work src/A1.txt'] }],
      programs: { codex: codex('nonsense', second, leak) },
      env: { CODEX_API_KEY: token },
    });
    await rig.agent('A1');
    const attempt = '.git/nx-wave/attempts/wave-1/A1/attempt-1';
    const read = (name: string) => rig.read(`${attempt}/bundle/${name}`);
    expect(read('transcript.jsonl')).toContain('turn.completed');
    expect(read('repair/transcript.jsonl')).toContain('It is [redacted]');
    expect(read('repair/prompt.md')).toContain('only the result envelope');
    const events = read('events.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const programs = events.filter(({ type }) => type === 'program.started' || type === 'program.ended');
    expect(programs.map(({ type, data }) => [type, data.resumed ?? data.outcome])).toEqual([
      ['program.started', false],
      ['program.ended', 'success'],
      ['program.started', true],
      ['program.ended', 'success'],
    ]);
    expect(programs[3].data).toMatchObject({ inputTokens: 15, outputTokens: 4 });
    const { predicate, subject } = JSON.parse(read('manifest.json'));
    expect(subject.map(({ name }: { name: string }) => name)).toContain('repair/transcript.jsonl');
    expect(predicate.usage).toMatchObject({ inputTokens: 25, outputTokens: 9 });
    const spent = ['work', 'repair'].map(
      (pass) => JSON.parse(rig.read(`.git/nx-wave/spending/wave-1/A1-1-${pass}.json`)).usage.inputTokens,
    );
    expect(spent).toEqual([10, 15]);
    expect(filesOf(`${rig.root}/${attempt}`).filter((text) => text.includes(token))).toEqual([]);
    expect(existsSync(`${rig.root}/${attempt}/draft`)).toBe(false);
    expect(existsSync(`${rig.root}/${attempt}/repair`)).toBe(false);
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
