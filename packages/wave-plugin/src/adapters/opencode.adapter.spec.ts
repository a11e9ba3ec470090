import { type OptionValue } from '@nx-wave/schemas';
import { launchOptions } from '../testing/adapter-conformance';
import { buildAgent, buildExecutor, buildWave } from '../testing/resolved';
import { opencodeAdapter } from './opencode.adapter';
import { createOpencodeReader } from './opencode.reader';

function launch(options: Record<string, OptionValue>, overrides: Parameters<typeof buildExecutor>[2] = {}) {
  const agent = buildAgent({ executor: buildExecutor('opencode', options, overrides) });
  return opencodeAdapter.buildLaunchSpec(agent, buildWave([agent]), {
    ...launchOptions,
    resumeSessionId: 's-1',
  });
}

function valueOf(...given: Parameters<typeof launch>) {
  const spec = launch(...given);
  if (!spec.ok) throw new Error(spec.error.message);
  return {
    ...spec.value,
    config: JSON.parse(spec.value.env.OPENCODE_CONFIG_CONTENT ?? '{}') as Record<string, unknown>,
  };
}

describe('the command line of OpenCode', () => {
  it('keeps the agent inside its checkout, quietly', () => {
    const { args, config, env } = valueOf({}, { model: 'vendor/model' });
    expect(args).toEqual([
      'run',
      '--format=json',
      '--title=wave-3 A1',
      '--model=vendor/model',
      '--session=s-1',
    ]);
    expect(config).toMatchObject({
      autoupdate: false,
      share: 'disabled',
      permission: {
        webfetch: 'deny',
        external_directory: {
          '*': 'deny',
          '/checkouts/a1/scratch/*': 'allow',
          '/checkouts/a1/tmp/*': 'allow',
        },
      },
    });
    expect(env).toMatchObject({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_SHARE: '1' });
  });

  it.each([
    [{ agent: 'plan' }, '--agent=plan'],
    [{ files: ['docs/a.md'] }, '--file=/checkouts/a1/tree/docs/a.md'],
  ])('maps %j', (options, expected) => {
    expect(valueOf(options).args).toContain(expected);
  });

  it('maps steps, instructions, permission and configuration into its configuration', () => {
    const { config } = valueOf({
      agent: 'build',
      steps: 9,
      instructions: ['AGENTS.md'],
      permission: { bash: { 'rm *': 'deny' } },
      config_json: { provider: { x: {} }, share: 'manual' },
    });
    expect(config).toMatchObject({
      agent: { build: { steps: 9 } },
      instructions: ['AGENTS.md'],
      permission: { edit: 'allow', bash: { 'rm *': 'deny' } },
      provider: { x: {} },
      share: 'manual',
    });
  });

  it.each([
    [{ permission: { external_directory: 'allow' } }, 'permission.external_directory'],
    [{ permission: { external_directory: { '/home/*': 'allow' } } }, 'permission.external_directory./home/*'],
    [{ permission: { webfetch: 'allow' } }, 'permission.webfetch'],
    [{ config_json: { permission: 'allow' } }, 'by default: permission'],
    [{ config_json: { agent: { build: { permission: { '*': 'allow' } } } } }, 'agent.build.permission.*'],
    [{ config_json: { mcp: { x: { command: ['sh'] } } } }, 'config_json.mcp may start programs'],
    [{ attach: 'http://localhost:4096' }, 'not supervised'],
    [{ format: 'default' }, 'is not followed'],
  ])('announces %j', (options, words) => {
    expect(valueOf(options).notices).toEqual([expect.stringContaining(words)]);
  });

  it('has nothing to announce of rules that only take away, and of what is allowed anyway', () => {
    const permission = { bash: { 'rm *': 'deny', '*': 'allow' }, edit: 'allow', webfetch: 'ask' };
    expect(valueOf({ permission, config_json: { provider: { x: {} } } }).notices).toEqual([]);
  });

  it('refuses a file outside of the workspace', () => {
    expect(launch({ files: ['../x'] })).toMatchObject({ ok: false, error: { code: 'option-invalid' } });
  });
});

describe('the events of OpenCode', () => {
  const read = (reader: ReturnType<typeof createOpencodeReader>, ...events: object[]) =>
    events.flatMap((event) => reader.read(JSON.stringify(event), 'stdout'));
  const outcomeOf = (error: object) => {
    const reader = createOpencodeReader();
    read(reader, { type: 'error', error });
    return reader.outcome({ code: 1, signal: null });
  };

  it.each([
    [{ name: 'APIError', data: { message: 'no', statusCode: 401 } }, { kind: 'auth' }],
    [{ name: 'ProviderAuthError', data: { message: 'no' } }, { kind: 'auth' }],
    [
      {
        name: 'APIError',
        data: { message: 'slow', statusCode: 429, responseHeaders: { 'retry-after': '90' } },
      },
      { kind: 'rate-limit', retryAfterMs: 90_000 },
    ],
    [
      {
        name: 'APIError',
        data: { message: 'no', statusCode: 429, responseBody: '{"code":"insufficient_quota"}' },
      },
      { kind: 'quota' },
    ],
    [{ name: 'APIError', data: { message: 'no', statusCode: 503 } }, { kind: 'overload' }],
    [{ name: 'APIError', data: { message: 'Cannot connect to API' } }, { kind: 'network' }],
    [{ name: 'MessageAbortedError', data: {} }, { kind: 'cancelled' }],
    [
      { name: 'UnknownError', data: { message: 'odd' } },
      { kind: 'crash', detail: 'odd' },
    ],
  ])('%j', (error, outcome) => {
    expect(outcomeOf(error)).toMatchObject(outcome);
  });

  const finish = (reason: string, cost: number) => ({
    type: 'step_finish',
    sessionID: 'ses_1',
    part: { reason, cost, tokens: { input: 700, output: 40, reasoning: 10, cache: { read: 300, write: 0 } } },
  });

  it('sum up steps, and know no cost while the program counts none', () => {
    const reader = createOpencodeReader();
    read(reader, finish('tool-calls', 0), finish('stop', 0));
    expect(reader.usage()).toEqual({
      inputTokens: 2_000,
      outputTokens: 100,
      cachedTokens: 600,
      usd: null,
      estimated: false,
    });
    expect(reader.outcome({ code: 0, signal: null })).toEqual({ kind: 'success' });
    read(reader, finish('stop', 0.25));
    expect(reader.usage()?.usd).toBe(0.25);
  });

  it('are not complete while a step wants to call tools', () => {
    const reader = createOpencodeReader();
    read(reader, finish('tool-calls', 0));
    expect(reader.finished?.()).toBe(false);
    expect(reader.outcome({ code: 0, signal: null })).toMatchObject({ kind: 'unclear' });
  });

  it.each([
    ['stop', 0, 'success'],
    ['stop', 1, 'crash'],
    ['tool-calls', 0, 'unclear'],
    ['tool-calls', 1, 'crash'],
  ])('end with the reason %s and exit %d in %s', (reason, code, kind) => {
    const reader = createOpencodeReader();
    read(reader, { type: 'step_finish', part: { reason, tokens: {} } });
    expect(reader.outcome({ code, signal: null }).kind).toBe(kind);
  });

  it.each(['error: database is locked', "EROFS: read-only file system, mkdir '/data/opencode'"])(
    'name the error of a program that fell, not the version that its runtime prints below: %s',
    (line) => {
      const reader = createOpencodeReader();
      for (const said of [line, '      at open (src/db.ts:12)', 'Bun v1.3.14 (Linux x64 baseline)'])
        reader.read(said, 'stderr');
      expect(reader.outcome({ code: 1, signal: null })).toEqual({
        kind: 'crash',
        detail: `exit code 1: ${line}`,
      });
    },
  );
});
