import fc from 'fast-check';
import { usageSchema } from '@nx-wave/schemas';
import {
  type AdapterIo,
  type ExecutorAdapter,
  type LaunchOptions,
  type ProgramOutcome,
} from '../adapters/adapter';
import { type ResolvedAgent } from '../core/model';
import { buildAgent, buildExecutor, buildWave } from './resolved';

export const launchOptions: LaunchOptions = {
  prompt: 'The whole prompt, with "quotes", $HOME and\nlines.',
  checkoutDir: '/checkouts/a1/tree',
  scratchDir: '/checkouts/a1/scratch',
  envelopePath: '/checkouts/a1/tree/.nx-wave/envelope.json',
  envelopeSchemaPath: '/checkouts/a1/scratch/envelope.schema.json',
  writableDirs: ['/checkouts/a1/tmp'],
  env: { PATH: '/usr/bin', HOME: '/home/someone' },
  resumeSessionId: null,
};

const nothingThere: AdapterIo = { readFile: () => null, exists: () => false, which: () => null };
const everythingThere: AdapterIo = {
  readFile: () => '{}',
  exists: () => true,
  which: (name) => `/usr/bin/${name}`,
};

/** Flags and values that switch a program's own protection off. */
const bypass = /dangerous|bypass|danger-full|yolo|skip-permissions|^--auto$|--full-auto/i;

const outcomes: ProgramOutcome[] = [
  { kind: 'success' },
  ...(
    [
      'refused',
      'turn-limit',
      'too-long',
      'budget',
      'quota',
      'auth',
      'crash',
      'unclear',
      'timeout',
      'idle',
      'cancelled',
    ] as const
  ).map((kind): ProgramOutcome => ({ kind, detail: 'why' })),
  ...(['rate-limit', 'overload', 'network'] as const).map((kind): ProgramOutcome => ({
    kind,
    detail: 'why',
    retryAfterMs: null,
  })),
];

const esc = '\u001b';

/** What terminals, wrappers and the programs beside it put on the line of an event. */
const noises: Record<string, (event: string) => string> = {
  indented: (event) => `\t  ${event}  `,
  'after a byte order mark': (event) => `\ufeff${event}`,
  'after a paste mark': (event) => `${esc}[?2004h${event}${esc}[?2004l`,
  'in colours': (event) => `${esc}[0m${esc}[38;5;2m${event}${esc}[0m`,
  'with its signs in colours': (event) => event.replace('{', `{${esc}[1m`).replace(/}$/, `${esc}[0m}`),
  'after a window title': (event) => `${esc}]0;a {program} "at" work\u0007${event}`,
  'after a window title with another end': (event) => `${esc}]2;title${esc}\\${event}${esc}]2;\u0007`,
  'after a window title without an end': (event) => `${esc}]0;title ${event}`,
  'behind a spinner': (event) => `⠋ Working...\r⠙ Working...\r${esc}[2K${event}\r`,
  'behind a shell prompt': (event) => `${esc}7${esc}(B$ run {it} ${event}`,
  'behind other text': (event) => `server {ready} on "port" 1 ${event}`,
  'before other text': (event) => `${event}server "bye" {}`,
  'beside an object that is no event': (event) => `{"level":"info"} ${event} {"a": b}`,
};

/**
 * What every adapter is held to, whatever program it drives. `options`: the least that an agent must declare for it.
 * `goodRun`: lines of standard output of a run that went well, needed for a program that tells its own end.
 */
export function testAdapter(
  adapter: ExecutorAdapter,
  { options = {}, goodRun = [] }: { options?: Record<string, string>; goodRun?: readonly string[] } = {},
): void {
  const agentWith = (overrides: Partial<ResolvedAgent> = {}): ResolvedAgent =>
    buildAgent({ executor: buildExecutor(adapter.executorId, options), ...overrides });
  const specOf = (launch: Partial<LaunchOptions> = {}, agent = agentWith()) => {
    const spec = adapter.buildLaunchSpec(agent, buildWave([agent]), { ...launchOptions, ...launch });
    if (!spec.ok) throw new Error(spec.error.message);
    return spec.value;
  };

  describe(`${adapter.displayName} as an executor`, () => {
    it('has an id and keys that a wave file can hold', () => {
      for (const name of [adapter.executorId, ...Object.keys(adapter.keys)])
        expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(adapter.displayName).not.toBe('');
    });

    it('describes a launch as plain data, the same every time', () => {
      expect(JSON.parse(JSON.stringify(specOf()))).toEqual(specOf());
      expect(specOf().command).not.toBe('');
    });

    it('hands the prompt over on standard input and nowhere else', () => {
      const { stdin, ...rest } = specOf();
      expect(stdin).toBe(launchOptions.prompt);
      expect(JSON.stringify(rest)).not.toContain('The whole prompt');
    });

    it('bypasses no protection unless it is told to, and then has nothing to announce', () => {
      const { command, args, env, notices } = specOf();
      for (const text of [command, ...args, ...Object.values(env)]) expect(text).not.toMatch(bypass);
      expect(notices).toEqual([]);
    });

    it('writes its files below the scratch folder', () => {
      for (const { path } of specOf().files)
        expect(path.startsWith(`${launchOptions.scratchDir}/`)).toBe(true);
    });

    it('names the session when it is to be continued', () => {
      if (!adapter.capabilities.supportsResume) return;
      expect(specOf().args.join(' ')).not.toContain('session-7');
      expect(specOf({ resumeSessionId: 'session-7' }).args.join(' ')).toContain('session-7');
    });

    it('passes the model on as one argument that cannot be taken for a flag', () => {
      const executor = buildExecutor(adapter.executorId, options, { model: '--evil' });
      for (const arg of specOf({}, agentWith({ executor })).args) expect(arg).not.toBe('--evil');
    });

    it('refuses a command that needs a shell, with the place and the next step', () => {
      const executor = buildExecutor(adapter.executorId, { ...options, command: 'program | tee log' });
      const agent = agentWith({ executor });
      const spec = adapter.buildLaunchSpec(agent, buildWave([agent]), launchOptions);
      expect(spec).toMatchObject({
        ok: false,
        error: { place: { agentId: 'A1' }, next: expect.any(String) },
      });
    });

    it('is available where its program is, and only there', () => {
      expect(adapter.isAvailable(everythingThere, null)).toBe(true);
      expect(adapter.isAvailable(everythingThere, 'other/program --flag')).toBe(true);
      if (!adapter.free) expect(adapter.isAvailable(nothingThere, null)).toBe(false);
    });

    it('finds the envelope where the agent was told to leave it', () => {
      const { envelopePath, checkoutDir } = launchOptions;
      expect(adapter.locateResultEnvelope({ envelopePath, checkoutDir }, everythingThere)).toBe(envelopePath);
      expect(adapter.locateResultEnvelope({ envelopePath, checkoutDir }, nothingThere)).toBeNull();
    });

    it('accepts the least that an envelope must have and explains what is wrong with anything else', () => {
      const least = {
        schemaVersion: 2,
        agentId: 'A1',
        role: 'design',
        proof: { state: 'satisfied' },
        design: {},
      };
      expect(adapter.validateResultEnvelope(least)).toEqual({ valid: true, errors: [] });
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          const { valid, errors } = adapter.validateResultEnvelope(value);
          expect(valid).toBe(errors.length === 0);
          expect(valid).toBe(false);
        }),
      );
    });

    it('reads any output without falling over, and counts nothing below zero', () => {
      const line = fc.oneof(
        fc.string(),
        fc.json(),
        eventLike.map((event) => JSON.stringify(event)),
        hostileEvent.map((event) => JSON.stringify(event)),
      );
      fc.assert(
        fc.property(
          fc.array(fc.tuple(line, fc.constantFrom('stdout' as const, 'stderr' as const))),
          (lines) => {
            const reader = adapter.createStreamReader();
            for (const [text, stream] of lines) {
              for (const shown of reader.read(text, stream))
                expect(shown.text).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
            }
            const usage = reader.usage();
            if (usage !== null) {
              expect(usageSchema.safeParse(usage).success).toBe(true);
              expect(Math.min(usage.inputTokens, usage.outputTokens, usage.usd ?? 0)).toBeGreaterThanOrEqual(
                0,
              );
            }
            expect(outcomes.map(({ kind }) => kind)).toContain(
              reader.outcome({ code: 1, signal: null }).kind,
            );
          },
        ),
      );
    });

    it('reads megabytes without a break, wherever they stand', () => {
      for (const piece of ['a', 'try again in 1s ', '-----BEGIN A']) {
        const long = piece.repeat(Math.ceil((7 * 1024 * 1024) / piece.length));
        const reader = adapter.createStreamReader();
        const item = { type: 'command_execution', command: long, message: long, text: long };
        const events = [
          { type: 'item.started', item },
          { type: 'turn.failed', error: { message: long } },
          { type: 'result', is_error: true, result: long, errors: [long] },
          { type: 'error', error: { data: { message: long } } },
        ];
        for (const line of [...events.map((event) => JSON.stringify(event)), long])
          for (const { text } of reader.read(line, 'stdout')) expect(text.length).toBeLessThan(200_000);
        reader.read(long, 'stderr');
        expect(reader.outcome({ code: 1, signal: null }).kind).not.toBe('success');
      }
    });

    it('never takes a signal or a failing exit for success', () => {
      for (const exit of [
        { code: 1, signal: null },
        { code: null, signal: 'SIGKILL' },
      ]) {
        expect(adapter.createStreamReader().outcome(exit).kind).not.toBe('success');
      }
    });

    it('does not take exit 0 alone for success where the program tells its own end', () => {
      if (!adapter.capabilities.supportsJson) return;
      expect(adapter.createStreamReader().outcome({ code: 0, signal: null }).kind).toBe('unclear');
    });

    if (adapter.capabilities.supportsJson) testNoise(adapter, goodRun);

    it('gives advice on every outcome, goes on after success only, and repeats no login or quota failure', () => {
      const { onComplete, onTimeout, onLaunch } = adapter.supervisionHooks;
      expect(['continue', 'stop', 'fall-back']).toContain(onLaunch().do);
      for (const outcome of outcomes) {
        expect(onComplete(outcome).do === 'continue').toBe(outcome.kind === 'success');
        if (outcome.kind === 'auth' || outcome.kind === 'quota')
          expect(onComplete(outcome).do).not.toBe('wait');
      }
      expect(onTimeout({ kind: 'timeout', detail: 'why' }).do).not.toBe('continue');
    });

    it('never waits beyond the limit, whatever the service says', () => {
      const wait = fc.option(fc.nat(7 * 86_400_000), { nil: null });
      fc.assert(
        fc.property(fc.array(wait, { maxLength: 60 }), fc.nat(3_600_000), (waits, limitMs) => {
          let waitedMs = 0;
          for (const [index, retryAfterMs] of waits.entries()) {
            const outcome: ProgramOutcome = { kind: 'rate-limit', detail: 'why', retryAfterMs };
            const advice = adapter.supervisionHooks.onRateLimit(outcome, {
              attempt: index + 1,
              waitedMs,
              limitMs,
            });
            if (advice.do !== 'wait') return;
            if (retryAfterMs !== null) expect(advice.ms).toBeGreaterThanOrEqual(retryAfterMs);
            waitedMs += advice.ms;
            expect(waitedMs).toBeLessThanOrEqual(limitMs);
          }
        }),
      );
    });

    it('comes to an end with a service that always wants to be asked at once', () => {
      for (const limitMs of [0, 60_000, 30 * 60_000]) {
        let waitedMs = 0;
        let attempt = 0;
        for (let goesOn = true; goesOn;) {
          attempt += 1;
          const outcome: ProgramOutcome = { kind: 'rate-limit', detail: 'why', retryAfterMs: 0 };
          const advice = adapter.supervisionHooks.onRateLimit(outcome, { attempt, waitedMs, limitMs });
          goesOn = advice.do === 'wait';
          if (advice.do === 'wait') waitedMs += advice.ms;
          expect(attempt).toBeLessThan(30);
        }
      }
    });

    it('costs nothing and hands over to nobody, or costs and may', () => {
      expect(adapter.fallbackEligibility.canFallbackTo).toBe(!adapter.free);
    });
  });
}

/** A program that tells events: what else stands on their lines changes nothing of what they say. */
function testNoise(adapter: ExecutorAdapter, goodRun: readonly string[]): void {
  const tell = (lines: readonly string[]) => {
    const reader = adapter.createStreamReader();
    const shown = lines.flatMap((line) => reader.read(line, 'stdout'));
    return {
      shown,
      outcome: reader.outcome({ code: 0, signal: null }),
      usage: reader.usage(),
      sessionId: reader.sessionId(),
      finished: reader.finished?.() ?? null,
      answer: reader.structuredOutput(),
    };
  };

  it('understands a run that went well', () => {
    const { outcome, usage } = tell(goodRun);
    expect(outcome).toEqual({ kind: 'success' });
    expect(usage).not.toBeNull();
  });

  it.each(Object.keys(noises))('reads an event %s as it is', (name) => {
    const noisy = noises[name] ?? String;
    expect(tell(goodRun.map(noisy))).toEqual(tell(goodRun));
  });

  it('reads all events of a line', () => {
    expect(tell([goodRun.join(' ')])).toEqual(tell(goodRun));
  });

  it('takes nothing for an event that stands inside of one, or in one that was cut off', () => {
    const inner = goodRun.map((line) => JSON.parse(line) as unknown);
    const silent = tell([]);
    const outer = JSON.stringify({ type: 'nobody-knows-it', said: goodRun.join('\n'), inner });
    expect(tell([outer, outer.slice(0, -2), `x ${outer.slice(0, -1)}`])).toMatchObject({
      outcome: { kind: 'unclear' },
      usage: silent.usage,
      finished: silent.finished,
    });
  });
}

const hostileText = fc.constantFrom('/a/\u001b]0;x\u0007', '\u009b2J', '\u202etxt.exe', '\u001b[31m/b');
const hostile = fc.oneof(hostileText, fc.constant({ toString: null, valueOf: 1 }), fc.constant(1e300));
/** A use of a tool, as each of the programs tells it. */
const toolUse = fc.record({
  type: fc.constantFrom(
    'tool_use',
    'file_change',
    'command_execution',
    'web_search',
    'mcp_tool_call',
    'error',
  ),
  name: fc.constantFrom('Edit', 'Bash', 'Read', 'Grep', 'Other'),
  tool: fc.constantFrom('write', 'bash', 'read', 'other'),
  command: hostile,
  query: hostile,
  server: hostile,
  message: hostile,
  input: fc.record({ file_path: hostile, command: hostile, pattern: hostile }),
  changes: fc.array(fc.record({ path: hostile }), { maxLength: 2 }),
  state: fc.record({
    status: fc.constantFrom('completed', 'error'),
    error: hostile,
    title: hostile,
    input: fc.record({ filePath: hostile, command: hostile }),
  }),
});
const hostileEvent = fc.record({
  type: fc.constantFrom(
    'item.started',
    'item.completed',
    'assistant',
    'tool_use',
    'system',
    'error',
    'result',
  ),
  subtype: fc.constantFrom('api_retry', 'permission_denied', 'success'),
  item: toolUse,
  part: toolUse,
  message: fc.oneof(hostile, fc.record({ id: hostile, content: fc.array(toolUse, { maxLength: 2 }) })),
  error: hostile,
  error_status: hostile,
  errors: fc.array(hostile, { maxLength: 2 }),
  is_error: fc.boolean(),
  result: hostile,
  total_cost_usd: hostile,
  usage: fc.record({ input_tokens: hostile, output_tokens: hostile }),
  rate_limit_info: fc.record({ status: fc.constant('rejected'), resetsAt: hostile }),
});

/** Close to what the programs print, with anything in the places of values. */
const eventLike = fc.record({
  type: fc.constantFrom(
    'item.completed',
    'turn.completed',
    'result',
    'assistant',
    'system',
    'step_finish',
    'error',
    'tool_use',
  ),
  item: fc.oneof(fc.jsonValue(), fc.record({ type: fc.string(), text: fc.jsonValue() })),
  usage: fc.jsonValue(),
  message: fc.oneof(fc.jsonValue(), fc.record({ content: fc.array(fc.jsonValue()), usage: fc.jsonValue() })),
  part: fc.jsonValue(),
  error: fc.jsonValue(),
  is_error: fc.boolean(),
});
