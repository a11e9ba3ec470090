import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok } from '@nx-wave/schemas/plain';
import { testAdapter } from '../testing/adapter-conformance';
import { createWaveRig, type WaveRig } from '../testing/rig';
import { type ExecutorAdapter } from './adapter';
import { readEvents, textAt } from './json-lines';
import { localAdapter } from './local.adapter';
import { commandWords, flagLike, optionsOf } from './options';
import { paidDefaults } from './paid-defaults';
import { plainText } from './plain-reader';

/** A program that nobody has heard of, in one object: all that a new one takes besides its line in the registry. */
const toy: ExecutorAdapter = {
  ...paidDefaults({ executorId: 'toy', keys: { command: 'string', greeting: 'string' } }),
  displayName: 'Toy',
  envNames: ['TOY_KEY'],
  capabilities: { ...localAdapter.capabilities, supportsJson: true, supportsResume: true, reportsCost: true },
  buildLaunchSpec: (agent, wave, options) => {
    const words = commandWords(agent, wave, 'toy');
    if (!words.ok) return words;
    const greeting = optionsOf(agent, 'toy').text('greeting');
    const dashed = flagLike({ agent, wave, key: 'toy.greeting' }, greeting === null ? [] : [greeting]);
    if (dashed !== null) return err(dashed);
    const args = [
      ...words.value.args,
      ...(agent.executor.model === null ? [] : [`--model=${agent.executor.model}`]),
      ...(greeting === null ? [] : [greeting]),
      ...(options.resumeSessionId === null ? [] : [`--resume=${options.resumeSessionId}`]),
    ];
    return ok({ command: words.value.command, args, stdin: options.prompt, env: {}, files: [], notices: [] });
  },
  createStreamReader: () => {
    let done = false;
    return {
      read: readEvents({
        onWords: () => [],
        onEvent: (event) => {
          done ||= event.type === 'done';
          const said = textAt(event, 'say');
          return said === '' ? [] : [{ kind: 'say', text: plainText(said) }];
        },
      }),
      usage: () =>
        done ? { inputTokens: 700, outputTokens: 70, cachedTokens: 0, usd: 0.07, estimated: false } : null,
      sessionId: () => null,
      structuredOutput: () => undefined,
      outcome: ({ code }) =>
        done && code === 0
          ? { kind: 'success' }
          : { kind: code === 0 ? 'unclear' : 'crash', detail: 'it never said that it is done' },
    };
  },
};

/** The program itself: writes the file that its agent owns, and the envelope. */
const program = `
const fs = require('node:fs');
const prompt = fs.readFileSync(0, 'utf8');
const id = process.env.WAVE_AGENT_ID;
fs.appendFileSync(COUNTS, id + '\\n');
console.log(JSON.stringify({ type: 'said', say: 'I say ' + process.argv[2] + ' with ' + process.env.TOY_KEY }));
fs.writeFileSync('src/' + id + '.txt', prompt.includes('Do the work of ' + id) ? process.argv[2] + '\\n' : 'no prompt');
fs.writeFileSync(process.env.WAVE_RESULT_ENVELOPE, JSON.stringify({
  schemaVersion: 2, agentId: id, role: 'implementation',
  proof: { state: 'satisfied', completion: 'contract', durability: 'none', proofLevel: 'unit', detail: null },
  implementation: { docDelta: { state: 'none', paths: [], detail: null }, components: [] },
}));
console.log(JSON.stringify({ type: 'done' }));
`;

testAdapter(toy, {
  goodRun: [{ type: 'said', say: 'Hello.' }, { type: 'done' }].map((event) => JSON.stringify(event)),
});

describe('an agent program that is only an adapter and a line in the registry', () => {
  let rig: WaveRig;
  beforeAll(() => {
    rig = createWaveRig({
      adapters: [toy, localAdapter],
      programs: { toy: program },
      env: { TOY_KEY: 'the-key-of-the-toy' },
      agents: [
        { id: 'A1', executorId: 'toy', command: null, executor: ['toy.greeting: good morning'] },
        { id: 'A2', executorId: 'toy', command: null, executor: ['toy.greeting: good night'] },
        { id: 'A0' },
      ],
    });
  });
  afterAll(() => rig.dispose());

  it('closes a wave, with its options, its login, its progress and its cost', async () => {
    const { closure, ran, failures, lines } = await rig.launch();
    expect(failures).toEqual([]);
    expect(closure?.state).toBe('closed');
    expect(ran).toEqual({ A0: 1, A1: 1, A2: 1 });
    const results = join(rig.root, '.tmp', 'main-wave-launcher', 'results', 'wave-1', 'attempt-1');
    const manifest = JSON.parse(readFileSync(join(results, 'A1', 'manifest.json'), 'utf8'));
    expect(manifest.predicate).toMatchObject({
      executor: { id: 'toy' },
      usage: { inputTokens: 700, usd: 0.07 },
    });
    expect(readFileSync(join(results, 'A2', 'changes.patch'), 'utf8')).toContain('+good night');
    expect(lines).toContain('A1: I say good morning with [redacted]');
    expect(lines).toContain('A1: used 700 in, 70 out, $0.0700');
  });

  it('is not started again when the wave is launched again', async () => {
    const { closure, ran } = await rig.launch();
    expect(closure?.state).toBe('closed');
    expect(ran).toEqual({});
  });

  it('is named by the rule of the wave language, with the keys that it has', async () => {
    rig.edit(({ A1 }) => {
      if (A1) A1.executor = ['toy.greting: hello'];
    });
    const session = await rig.session();
    expect(session.ok ? [] : session.error).toMatchObject([{ severity: 'error' }]);
    expect(session.ok ? '' : session.error[0]?.message + (session.error[0]?.next ?? '')).toContain(
      'toy.greeting',
    );
  });
});
