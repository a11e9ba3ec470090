import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Usage } from '@nx-wave/schemas';
import { ok } from '@nx-wave/schemas/plain';
import { type ExecutorAdapter, type ProgramOutcome } from '../../adapters/adapter';
import { standardHooks } from '../../adapters/hooks';
import { localAdapter } from '../../adapters/local.adapter';
import { createPlainReader } from '../../adapters/plain-reader';
import { createProgramRig, type ProgramRig } from '../../testing/program-rig';
import { buildAgent, buildExecutor, buildWave } from '../../testing/resolved';
import { type ProgramRequest } from './program';
import { runProgram } from './run-program';

let rig: ProgramRig;
beforeEach(() => {
  rig = createProgramRig();
});
afterEach(async () => {
  expect(await rig.survivors()).toEqual([]);
  rig.dispose();
});

/** Writes a script into the checkout and runs it as the local command of the agent. */
function runLocal(source: string, overrides: Partial<ProgramRequest> = {}) {
  writeFileSync(join(rig.workspaceDir, 'agent.mjs'), source);
  const agent = buildAgent({ executor: buildExecutor('local', { command: 'node agent.mjs "an argument"' }) });
  return runProgram(rig.request({ agent, ...overrides }));
}

/**
 * A program that costs: each start takes the next of the given outcomes, announced on its output, one per start.
 * Its session is `s1`, its usage 100 in and 10 out per start.
 */
function paidAdapter(executorId: string, outcomes: ProgramOutcome[], extra: Partial<ExecutorAdapter> = {}) {
  const starts: { prompt: string; resumed: string | null }[] = [];
  const adapter: ExecutorAdapter = {
    ...localAdapter,
    executorId,
    displayName: `Program ${executorId}`,
    free: false,
    capabilities: { ...localAdapter.capabilities, supportsResume: true },
    fallbackEligibility: { canFallbackFrom: true, canFallbackTo: true, restrictions: [] },
    supervisionHooks: standardHooks,
    buildLaunchSpec: (_agent, _wave, { prompt, resumeSessionId }) => {
      starts.push({ prompt, resumed: resumeSessionId });
      return ok({
        command: 'node',
        args: ['-e', ''],
        stdin: '',
        env: {},
        files: [],
        notices: [`${executorId} ran`],
      });
    },
    createStreamReader: () => ({
      ...createPlainReader(),
      usage: (): Usage => ({ inputTokens: 100, outputTokens: 10, usd: null, estimated: false }),
      sessionId: () => 's1',
      outcome: () => outcomes.shift() ?? { kind: 'success' },
    }),
    ...extra,
  };
  return { adapter, starts };
}

function runPaid(adapters: ExecutorAdapter[], overrides: Partial<ProgramRequest> = {}) {
  return runProgram(
    rig.request({ adapters, chain: adapters.map((adapter) => adapter.executorId), ...overrides }),
  );
}

describe('runProgram with a local command', () => {
  it('runs it in the checkout with the prompt on its input and leaves the envelope to it', async () => {
    const result = await runLocal(`
      import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
      mkdirSync('.nx-wave');
      writeFileSync(process.env.WAVE_RESULT_ENVELOPE, JSON.stringify({ prompt: readFileSync(0, 'utf8'), args: process.argv.slice(2) }));
      console.log('wrote it');`);
    expect(result).toMatchObject({
      outcome: { kind: 'success' },
      failure: null,
      executorId: 'local',
      usage: { inputTokens: 0, usd: 0 },
    });
    expect(JSON.parse(readFileSync(rig.envelopePath, 'utf8'))).toEqual({
      prompt: 'the prompt',
      args: ['an argument'],
    });
    expect(rig.lines).toEqual(['wrote it']);
    expect(rig.transcript).toEqual(['{"stream":"stdout","text":"wrote it"}']);
    expect(rig.eventTypes()).toEqual(['program.started', 'program.ended']);
  });

  it('passes nothing of the outer run on', async () => {
    await runLocal(`console.log(Object.keys(process.env).sort().join())`, {
      baseEnv: {
        PATH: process.env.PATH,
        HOME: rig.dir,
        NX_TASK_HASH: 'x',
        npm_config_x: 'x',
        GITHUB_TOKEN: 'x',
      },
    });
    expect(rig.lines).toEqual(['HOME,PATH,TMPDIR,WAVE_RESULT_ENVELOPE,WAVE_RUN_MARKER']);
  });

  it('hides secrets of the user on terminal and disk, however they are printed', async () => {
    const result = await runLocal(
      `process.stdout.write('key swordfish-'); setTimeout(() => { console.log('1234'); console.error('bad swordfish-1234'); process.exit(1) }, 30)`,
      { baseEnv: { PATH: process.env.PATH, MY_TOKEN: 'swordfish-1234' } },
    );
    const everything = JSON.stringify([result, rig.lines, rig.transcript, rig.events]);
    expect(everything).not.toContain('1234');
    expect(rig.transcript).toContain('{"stream":"stdout","text":"key [redacted]"}');
    expect(result.failure?.message).toContain('exit code 1: bad [redacted]');
  });

  it.each([
    [
      'ends with a non-zero code',
      `console.error('no such thing'); process.exit(7)`,
      'agent-exit',
      'exit code 7: no such thing',
    ],
    [
      'is killed',
      `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1e6)`,
      'agent-killed',
      'signal SIGKILL',
    ],
  ])('tells a command that %s', async (_title, source, code, detail) => {
    const { failure } = await runLocal(source);
    expect(failure).toMatchObject({ code, place: { wave: 'wave-3', agentId: 'A1' } });
    expect(failure?.message).toContain(detail);
  });

  it.each([
    ['hangs', { hardLimitMs: 400, idleLimitMs: 0 }, 'agent-timeout'],
    ['is silent', { hardLimitMs: 600_000, idleLimitMs: 300 }, 'agent-idle'],
  ])('ends a command that %s', async (_title, limits, code) => {
    const { failure } = await runLocal('setInterval(() => {}, 1e6)', {
      limits: { rateLimitWaitMs: 0, tokens: null, usd: null, ...limits },
    });
    expect(failure?.code).toBe(code);
  });

  it('is cancelled by the user', async () => {
    const controller = new AbortController();
    const { failure } = await runLocal(`console.log('up'); setInterval(() => {}, 1e6)`, {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    expect(failure?.code).toBe('agent-cancelled');
  });

  it('is cancelled where the whole tree of processes was ended, and the program before its runner was told', async () => {
    const controller = new AbortController();
    const { edges } = rig.request({});
    const { failure } = await runLocal(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1e6)`, {
      signal: controller.signal,
      edges: {
        ...edges,
        processes: {
          ...edges.processes,
          supervise: async (...start) => {
            const exit = await edges.processes.supervise(...start);
            controller.abort();
            return exit;
          },
        },
      },
    });
    expect(failure?.code).toBe('agent-cancelled');
  });

  it.each([
    ['no command', {}, 'local-command-missing', 'Write "- local.command: node path/to/script.mjs" under'],
    [
      'a pipe',
      { command: 'node a.mjs | tee log' },
      'local-command-invalid',
      'Quote the character, or name the shell',
    ],
  ])('refuses %s and says what to write where', async (_title, options, code, next) => {
    const agent = buildAgent({ executor: buildExecutor('local', options) });
    const { failure, exit } = await runProgram(rig.request({ agent }));
    expect(exit).toBeNull();
    expect(failure).toMatchObject({
      code,
      place: { agentId: 'A1', path: 'docs/plans/waves/wave-3.md', range: { start: { line: 12 } } },
    });
    expect(failure?.next).toContain(next);
  });

  it('names a program that is not there', async () => {
    const agent = buildAgent({ executor: buildExecutor('local', { command: './missing.sh' }) });
    const { failure } = await runProgram(rig.request({ agent }));
    expect(failure).toMatchObject({
      code: 'agent-spawn',
      facts: { command: './missing.sh', errorCode: 'ENOENT' },
    });
  });
});

describe('runProgram with programs that cost', () => {
  const limited = (retryAfterMs: number | null): ProgramOutcome => ({
    kind: 'rate-limit',
    detail: '429',
    retryAfterMs,
  });

  it('waits for as long as the service names, then goes on in the same session', async () => {
    const { adapter, starts } = paidAdapter('one', [limited(90_000)]);
    const result = await runPaid([adapter]);
    expect(rig.waits).toEqual([90_000]);
    expect(starts).toEqual([
      { prompt: 'the prompt', resumed: null },
      { prompt: expect.stringContaining('Go on where you stopped'), resumed: 's1' },
    ]);
    expect(result).toMatchObject({ failure: null, usage: { inputTokens: 200, outputTokens: 20 } });
    expect(rig.eventTypes()).toEqual([
      'program.started',
      'program.ended',
      'program.waiting',
      'program.started',
      'program.ended',
    ]);
  });

  it('waits longer each time when no time is named, up to the limit, and then falls back', async () => {
    const one = paidAdapter(
      'one',
      Array.from({ length: 20 }, () => limited(null)),
    );
    const two = paidAdapter('two', []);
    const result = await runPaid([one.adapter, two.adapter]);
    expect(rig.waits).toEqual([20_000, 40_000, 80_000, 160_000, 180_000]);
    expect(result).toMatchObject({ executorId: 'two', failure: null, notices: ['one ran', 'two ran'] });
    expect(rig.eventTypes()).toContain('program.fell-back');
  });

  it('does not start to wait for a reset beyond the limit, and says when it is', async () => {
    const { adapter } = paidAdapter('one', [limited(3 * 86_400_000 + 3_600_000)]);
    const { failure } = await runPaid([adapter]);
    expect(rig.waits).toEqual([]);
    expect(failure).toMatchObject({ code: 'agent-rate-limited' });
    expect(failure?.message).toContain('in 3 d 1 h');
  });

  it.each(['quota', 'auth'] as const)(
    'never repeats after %s: the next executor, or the end',
    async (kind) => {
      const one = paidAdapter('one', [{ kind, detail: 'no' }]);
      const two = paidAdapter('two', [{ kind, detail: 'no' }]);
      const result = await runPaid([one.adapter, two.adapter]);
      expect([one.starts.length, two.starts.length, rig.waits]).toEqual([1, 1, []]);
      expect(result.failure?.code).toBe(`agent-${kind}`);
    },
  );

  it.each(['crash', 'refused', 'turn-limit'] as const)(
    'does not pay another executor after %s',
    async (kind) => {
      const one = paidAdapter('one', [{ kind, detail: 'why' }]);
      const two = paidAdapter('two', []);
      expect((await runPaid([one.adapter, two.adapter])).executorId).toBe('one');
      expect(two.starts).toEqual([]);
    },
  );

  it('gives up on a network that stays down', async () => {
    const down: ProgramOutcome = { kind: 'network', detail: 'refused', retryAfterMs: null };
    const { adapter, starts } = paidAdapter(
      'one',
      Array.from({ length: 9 }, () => down),
    );
    expect((await runPaid([adapter])).failure?.code).toBe('agent-network');
    expect(starts.length).toBe(4);
  });

  it('passes over a program that is not installed, and names what to do when none is', async () => {
    const missing = paidAdapter('one', [], { isAvailable: () => false });
    const two = paidAdapter('two', []);
    expect(await runPaid([missing.adapter, two.adapter])).toMatchObject({ executorId: 'two', failure: null });
    const { failure } = await runPaid([missing.adapter]);
    expect(failure).toMatchObject({ code: 'executor-unavailable' });
    expect(failure?.next).toContain('executors.one.command');
  });

  it('does not hand the model of one program to another', async () => {
    const models: (string | null)[] = [];
    const noting = (id: string, outcomes: ProgramOutcome[]) => {
      const { adapter } = paidAdapter(id, outcomes);
      const buildLaunchSpec: ExecutorAdapter['buildLaunchSpec'] = (agent, wave, options) => {
        models.push(agent.executor.model);
        return adapter.buildLaunchSpec(agent, wave, options);
      };
      return { ...adapter, buildLaunchSpec };
    };
    const agent = buildAgent({ executor: buildExecutor('one', {}, { model: 'model-of-one' }) });
    await runPaid([noting('one', [{ kind: 'quota', detail: 'none' }]), noting('two', [])], { agent });
    expect(models).toEqual(['model-of-one', null]);
  });

  it('keeps what the first program did and said when its fallback cannot be started', async () => {
    const one = paidAdapter('one', [{ kind: 'quota', detail: 'none left' }]);
    const missing = paidAdapter('two', [], { isAvailable: () => false });
    const result = await runPaid([one.adapter, missing.adapter]);
    expect(result).toMatchObject({
      executorId: 'one',
      failure: { code: 'agent-quota' },
      usage: { inputTokens: 100 },
    });
    expect(rig.eventTypes().slice(-2)).toEqual(['program.fell-back', 'program.not-started']);
  });

  it('names the executors that there are when one is unknown', async () => {
    const { failure } = await runPaid([localAdapter], { chain: ['nobody'] });
    expect(failure).toMatchObject({ code: 'executor-unknown' });
    expect(failure?.next).toContain('Choose one of local');
  });

  it('ends a running program at its budget and tells what was used', async () => {
    const { adapter } = paidAdapter('one', [], {
      buildLaunchSpec: () =>
        ok({
          command: 'node',
          args: ['-e', `console.log('work'); setInterval(() => {}, 1e6)`],
          stdin: '',
          env: {},
          files: [],
          notices: [],
        }),
    });
    const limits = { hardLimitMs: 600_000, idleLimitMs: 0, rateLimitWaitMs: 0, tokens: 109, usd: null };
    const { failure, usage } = await runPaid([adapter], { limits });
    expect(failure).toMatchObject({ code: 'agent-budget' });
    expect(failure?.message).toContain('110 of 109 tokens used');
    expect(usage).toMatchObject({ inputTokens: 100 });
  });

  it('holds an estimated price against the budget', async () => {
    const { adapter } = paidAdapter('one', [], {
      buildLaunchSpec: () =>
        ok({
          command: 'node',
          args: ['-e', `console.log('work'); setInterval(() => {}, 1e6)`],
          stdin: '',
          env: {},
          files: [],
          notices: [],
        }),
    });
    const agent = buildAgent();
    const wave = buildWave([agent], {
      executors: { one: { prices: { '*': { input: 1_000, output: 10_000 } } } },
    });
    const limits = { hardLimitMs: 600_000, idleLimitMs: 0, rateLimitWaitMs: 0, tokens: null, usd: 0.15 };
    const { failure, usage } = await runPaid([adapter], { agent, wave, limits });
    expect(failure?.message).toContain('estimated $0.2000 of $0.15 used');
    expect(usage).toMatchObject({ usd: 0.2, estimated: true });
  });

  it.each([
    ['looks like a flag', '--dangerously-skip-everything'],
    ['holds a space', 's1 --flag'],
    ['is endless', 's'.repeat(1_000)],
  ])('starts anew where the id of a session %s', async (_title, id) => {
    const plain = createPlainReader();
    const outcomes = [limited(1_000)];
    const { adapter, starts } = paidAdapter('one', [], {
      createStreamReader: () => ({
        ...plain,
        sessionId: () => id,
        outcome: () => outcomes.shift() ?? { kind: 'success' },
      }),
    });
    expect(await runPaid([adapter])).toMatchObject({ failure: null, sessionId: null });
    expect(starts.map(({ resumed }) => resumed)).toEqual([null, null]);
  });

  it('starts anew where the program was told to keep no session', async () => {
    const { adapter, starts } = paidAdapter('one', [limited(1_000)]);
    const forgetful: ExecutorAdapter = {
      ...adapter,
      buildLaunchSpec: (...given) => {
        const spec = adapter.buildLaunchSpec(...given);
        return spec.ok ? ok({ ...spec.value, keepsNoSession: true }) : spec;
      },
    };
    expect(await runPaid([forgetful])).toMatchObject({ failure: null, sessionId: null });
    expect(starts).toEqual([
      { prompt: 'the prompt', resumed: null },
      { prompt: 'the prompt', resumed: null },
    ]);
  });

  it('tells no secret of its configuration in what it announces', async () => {
    const { adapter } = paidAdapter('one', []);
    const telling: ExecutorAdapter = {
      ...adapter,
      buildLaunchSpec: (...given) => {
        const spec = adapter.buildLaunchSpec(...given);
        return spec.ok ? ok({ ...spec.value, notices: ['config has swordfish-1234'] }) : spec;
      },
    };
    const baseEnv = { PATH: process.env.PATH, MY_TOKEN: 'swordfish-1234' };
    const { notices } = await runPaid([telling], { baseEnv });
    expect(notices).toEqual(['config has [redacted]']);
    expect(JSON.stringify(rig.events)).not.toContain('swordfish');
  });

  it('does not believe a reset that no calendar has', async () => {
    const absurd: ProgramOutcome = {
      kind: 'rate-limit',
      detail: '429',
      retryAfterMs: null,
      resetsAtMs: 1e18,
    };
    const { adapter } = paidAdapter('one', [absurd]);
    expect((await runPaid([adapter])).failure).toBeNull();
    expect(rig.waits).toEqual([20_000]);
  });

  it('ends a program whose model goes on after its turns', async () => {
    const { adapter } = paidAdapter('one', [], {
      buildLaunchSpec: () =>
        ok({
          command: 'node',
          args: ['-e', `console.log('turn'); setInterval(() => console.log('turn'), 20)`],
          stdin: '',
          env: {},
          files: [],
          notices: [],
          turnLimit: 2,
        }),
      createStreamReader: () => {
        let turns = 0;
        const plain = createPlainReader();
        return {
          ...plain,
          turns: () => turns,
          read: (line, stream) => {
            turns += 1;
            return plain.read(line, stream);
          },
        };
      },
    });
    const { failure } = await runPaid([adapter]);
    expect(failure).toMatchObject({ code: 'agent-turn-limit' });
    expect(failure?.message).toContain('went on after its limit of 2 turns');
  });

  it('holds a cap on money for the part that is known when another part is not', async () => {
    const priced = (usd: number | null) => ({
      createStreamReader: () => ({
        ...createPlainReader(),
        usage: (): Usage => ({ inputTokens: 1, outputTokens: 1, usd, estimated: false }),
        outcome: () => limited(null),
      }),
    });
    const one = paidAdapter('one', [], priced(2));
    const two = paidAdapter('two', [], {
      ...priced(null),
      buildLaunchSpec: () =>
        ok({
          command: 'node',
          args: ['-e', `console.log('work'); setInterval(() => {}, 1e6)`],
          stdin: '',
          env: {},
          files: [],
          notices: [],
        }),
    });
    const limits = { hardLimitMs: 600_000, idleLimitMs: 0, rateLimitWaitMs: 0, tokens: null, usd: 1 };
    const { failure, usage } = await runPaid([one.adapter, two.adapter], { limits });
    expect(failure?.message).toContain('$2.00 of $1 used');
    expect(usage?.usd).toBeNull();
  });

  it('believes a program that told its end and then hangs', async () => {
    const { adapter } = paidAdapter('one', [], {
      buildLaunchSpec: () =>
        ok({
          command: 'node',
          args: ['-e', `console.log('done'); setInterval(() => {}, 1e6)`],
          stdin: '',
          env: {},
          files: [],
          notices: [],
        }),
      createStreamReader: () => ({ ...createPlainReader(), finished: () => true }),
    });
    const limits = { hardLimitMs: 500, idleLimitMs: 0, rateLimitWaitMs: 0, tokens: null, usd: null };
    expect(await runPaid([adapter], { limits })).toMatchObject({ failure: null, exit: { cause: 'timeout' } });
  });

  it('takes a place where the number of agents is capped, and gives it back', async () => {
    const seen: string[] = [];
    const { adapter } = paidAdapter('one', []);
    const agent = buildAgent();
    const wave = buildWave([agent], { executors: { one: { maxConcurrent: 2 } } });
    const request = rig.request({ agent, wave, adapters: [adapter], chain: ['one'] });
    await runProgram({
      ...request,
      edges: {
        ...request.edges,
        acquireSlot: async (id, max) => {
          seen.push(`take ${id} of ${max}`);
          return ok({ release: async () => void seen.push('release') });
        },
      },
    });
    expect(seen).toEqual(['take one of 2', 'release']);
  });
});
