// About judge-attempt.ts: what an agent's files and envelope prove, whatever its program's stream tells of its end.
import { createWaveRig } from '../../testing/rig';
import { readStatus, statusWithUsage } from '../wave/read-status';

const envelope = JSON.stringify({
  schemaVersion: 2,
  agentId: 'A1',
  role: 'implementation',
  proof: { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null },
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
});

/** A program that does the work, unless `work` is empty, leaves `left` as its envelope, and prints `lines`. */
const program = (lines: string[], { left = envelope, work = 'the work of A1', code = 0 } = {}) => `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
if (process.argv.includes('--version')) { console.log('1.0.0'); process.exit(0); }
readFileSync(0);
appendFileSync(COUNTS, 'work\\n');
if (${JSON.stringify(work)} !== '') writeFileSync('src/A1.txt', ${JSON.stringify(work)});
writeFileSync(process.env.WAVE_RESULT_ENVELOPE, ${JSON.stringify(left)});
for (const line of ${JSON.stringify(lines)}) console.log(line);
process.exitCode = ${code};
`;

const wave = (
  executorId: string,
  text: string,
  config: Record<string, unknown> = {},
  executor: string[] = [],
) =>
  createWaveRig({
    agents: [
      { id: 'A1', executorId, command: null, executor, proofCommands: ['grep -q work src/A1.txt'] },
      { id: 'A2', executorId, command: null },
    ],
    programs: { [executorId]: text },
    config,
  });

const text = (event: object) => JSON.stringify(event);
const started = text({ type: 'thread.started', thread_id: 't' });
const done = text({ type: 'turn.completed', usage: { input_tokens: 5, output_tokens: 1 } });

describe('work that is finished', () => {
  it.each([
    ['codex', 'whose end is told behind a paste mark', [started, `\u001b[?2004h${done}`], 0],
    ['codex', 'whose stream was cut before its end', [started, done.slice(0, -3)], 0],
    ['codex', 'whose program says nothing at all', [], 0],
    [
      'codex',
      'after which its program tells a failure',
      [
        started,
        done,
        text({ type: 'turn.failed', error: { message: 'last status: 429 Too Many Requests' } }),
      ],
      1,
    ],
    [
      'opencode',
      'after which its program tells an error',
      [
        text({ type: 'step_finish', part: { reason: 'stop', tokens: { input: 5, output: 1 } } }),
        text({ type: 'error', error: { name: 'APIError', data: { message: 'slow', statusCode: 429 } } }),
      ],
      1,
    ],
  ])('of %s, %s, is proven by its files and paid once', async (executorId, _title, lines, code) => {
    await using rig = wave(executorId, program(lines, { code }));
    const ended = await rig.agent('A1');
    expect(ended.failures).toEqual([]);
    expect(ended.tasks).toEqual({ 'agent-a1': 'proven' });
    expect(rig.runs()).toEqual({ work: 1 });
  });

  it.each([
    ['after a byte order mark', `\ufeff${envelope}`],
    ['in a code fence', `\`\`\`json\n${envelope}\n\`\`\`\n`],
  ])('is not asked about again where its envelope stands %s', async (_title, left) => {
    await using rig = wave('codex', program([started, done], { left }));
    const ended = await rig.agent('A1');
    expect(ended.failures).toEqual([]);
    expect(rig.runs()).toEqual({ work: 1 });
  });
});

describe('what is not there', () => {
  it('is refused with the end that nobody told as its first reason', async () => {
    await using rig = wave('codex', program([started, 'bye'], { work: '' }));
    const { failures } = await rig.agent('A1');
    expect(failures.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['agent-unclear', 'proof-command-failed']),
    );
    expect(failures[0]).toMatchObject({ code: 'agent-unclear', message: expect.stringContaining('bye') });
  });

  it('is refused with the tools that its program was denied, and where to allow them', async () => {
    const denial = { tool_name: 'Write', tool_use_id: 't', tool_input: { file_path: 'src/A1.txt' } };
    const result = text({
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: 'I was not allowed to write.',
      permission_denials: [denial, denial, { ...denial, tool_name: 'Bash' }],
    });
    await using rig = wave('claude', program([result], { work: '' }));
    const { failures } = await rig.agent('A1');
    expect(failures).toContainEqual(
      expect.objectContaining({
        code: 'agent-tools-denied',
        message: expect.stringContaining('was not allowed to use Write, Bash.'),
        next: expect.stringContaining('claude.allowed_tools'),
      }),
    );
  });
});

describe('usage that nobody told', () => {
  it('is shown as unknown, and counts as the cap of its agent', async () => {
    await using rig = wave('codex', program([started]), { budget: { tokens: 500 } }, ['budget.tokens: 500']);
    const { failures, lines } = await rig.agent('A1');
    expect(failures).toEqual([]);
    expect(lines.join('\n')).toContain('A1: used unknown');
    const session = await rig.session();
    if (!session.ok) throw new Error('no session');
    expect(statusWithUsage(await readStatus(session.value))).toMatchObject({
      spending: { usage: { inputTokens: 500 }, untold: true },
    });
    expect((await rig.agent('A2')).failures).toMatchObject([{ code: 'wave-budget' }]);
    expect(rig.runs()).toEqual({ work: 1 });
  });

  it('stops every other start under a budget while it counts for nothing, until its agent gets a cap', async () => {
    await using rig = wave('codex', program([started]), { budget: { tokens: 900 } });
    expect((await rig.agent('A1')).failures).toEqual([]);
    const { failures } = await rig.agent('A2');
    expect(failures).toMatchObject([
      {
        code: 'wave-budget',
        message: expect.stringContaining('what is left of 900 tokens is not known'),
        next: expect.stringContaining('budget.tokens'),
      },
    ]);
    const session = await rig.session();
    if (!session.ok) throw new Error('no session');
    expect(statusWithUsage(await readStatus(session.value))).toMatchObject({
      usage: null,
      untoldAttempts: 1,
      spending: { usage: null, untold: true, uncounted: { tokens: true, usd: true } },
    });
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { executor: ['budget.tokens: 500'] }));
    await rig.agent('A2');
    expect(rig.runs()).toEqual({ work: 2 });
  });
});
