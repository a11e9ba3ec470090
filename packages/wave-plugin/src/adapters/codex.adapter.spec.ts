import { type OptionValue } from '@nx-wave/schemas';
import { launchOptions } from '../testing/adapter-conformance';
import { buildAgent, buildExecutor, buildWave } from '../testing/resolved';
import { codexAdapter } from './codex.adapter';
import { classifyCodexError, createCodexReader } from './codex.reader';

function launch(
  options: Record<string, OptionValue>,
  extra: Partial<typeof launchOptions> = {},
  model: string | null = null,
) {
  const agent = buildAgent({ executor: buildExecutor('codex', options, { model }) });
  return codexAdapter.buildLaunchSpec(agent, buildWave([agent]), { ...launchOptions, ...extra });
}

function argsOf(...given: Parameters<typeof launch>): string[] {
  const spec = launch(...given);
  if (!spec.ok) throw new Error(spec.error.message);
  return spec.value.args;
}

describe('the command line of Codex', () => {
  it('starts in its own sandbox, with events on its output and the prompt on its input', () => {
    const args = argsOf({});
    expect(args.slice(0, 4)).toEqual([
      'exec',
      '--json',
      '--skip-git-repo-check',
      '--sandbox=workspace-write',
    ]);
    expect(args.at(-1)).toBe('-');
    expect(args).toContain('--cd=/checkouts/a1/tree');
    expect(args).toContain('--add-dir=/checkouts/a1/tmp');
  });

  it.each([
    [{ sandbox: 'read-only' }, '--sandbox=read-only'],
    [{ profile_name: 'careful' }, '--profile=careful'],
    [{ config: ['model_reasoning_effort="high"'] }, '--config=model_reasoning_effort="high"'],
    [{ search: true }, '--config=web_search="live"'],
    [{ search: false }, '--config=web_search="disabled"'],
    [{ images: ['docs/plan.png'] }, '--image=/checkouts/a1/tree/docs/plan.png'],
    [{ add_dirs: ['./packages/a/'] }, '--add-dir=/checkouts/a1/tree/packages/a'],
    [{ ephemeral: true }, '--ephemeral'],
  ])('maps %j', (options, expected) => {
    expect(argsOf(options)).toContain(expected);
  });

  it('takes the model, and a command of several words', () => {
    const spec = launch({ command: 'npx codex' }, {}, 'some-model');
    expect(spec).toMatchObject({ ok: true, value: { command: 'npx' } });
    expect(argsOf({ command: 'npx codex' }, {}, 'some-model').slice(0, 2)).toEqual(['codex', 'exec']);
    expect(argsOf({}, {}, 'some-model')).toContain('--model=some-model');
  });

  it('lets the configuration win over its quiet defaults', () => {
    const args = argsOf({ config: ['features.plugins=true'] });
    expect(args.indexOf('--config=features.plugins=true')).toBeGreaterThan(
      args.indexOf('--config=features.plugins=false'),
    );
  });

  it('bounds the retries of a provider of the user, and hides the login from tools', () => {
    const args = argsOf({ config: ['model_provider=mine'] });
    expect(args).toContain('--config=model_providers.mine.request_max_retries=2');
    expect(args).toContain('--config=shell_environment_policy.exclude=["CODEX_API_KEY","OPENAI_API_KEY"]');
  });

  it('continues a session, and asks for a structured answer then', () => {
    const envelopeSchema = {
      oneOf: [
        {
          type: 'object',
          properties: { role: { const: 'implementation', type: 'string' }, attempt: { type: 'integer' } },
        },
      ],
    };
    const spec = launch({}, { resumeSessionId: 's-1', envelopeSchema });
    expect(argsOf({}, { resumeSessionId: 's-1', envelopeSchema }).slice(-4)).toEqual([
      '--output-schema=/checkouts/a1/scratch/codex-envelope.schema.json',
      'resume',
      's-1',
      '-',
    ]);
    expect(spec).toMatchObject({
      ok: true,
      value: { files: [{ path: '/checkouts/a1/scratch/codex-envelope.schema.json' }] },
    });
    expect(argsOf({}, { envelopeSchema }).join(' ')).not.toContain('output-schema');
  });

  it.each([
    [{ sandbox: 'danger-full-access' }, 'without a sandbox'],
    [{ config: ['sandbox_mode="danger-full-access"'] }, 'what guards the agent'],
    [{ config: ['"sandbox_mode" = "danger-full-access"'] }, 'what guards the agent'],
    [{ config: ['shell_environment_policy.exclude=[]'] }, 'what guards the agent'],
    [{ config: ['mcp_servers.x.command="sh"'] }, 'what guards the agent'],
    [{ config: ['notify=["sh","-c","x"]'] }, 'what guards the agent'],
    [{ json: false }, 'is not followed'],
  ])('announces %j', (options, words) => {
    expect(launch(options)).toMatchObject({ ok: true, value: { notices: [expect.stringContaining(words)] } });
  });

  it('has nothing to announce of a model, a provider and how hard it thinks', () => {
    const config = [
      'model_provider=mine',
      'model_providers.mine.base_url=x',
      'model_reasoning_effort="high"',
    ];
    expect(launch({ config })).toMatchObject({ ok: true, value: { notices: [] } });
  });

  it.each([
    [{ images: ['../secret.png'] }, 'codex.images'],
    [{ add_dirs: ['/etc'] }, 'codex.add_dirs'],
    [{ config: ['--dangerously-bypass-approvals-and-sandbox'] }, 'codex.config'],
    [{ command: 'codex; rm -r x' }, 'codex.command'],
  ])('refuses %j and names the key', (options, key) => {
    const spec = launch(options);
    expect(spec).toMatchObject({
      ok: false,
      error: { code: 'option-invalid', place: { range: { start: { line: 12 } } } },
    });
    expect(spec.ok ? '' : spec.error.message).toContain(key);
  });
});

describe('what Codex says of its errors', () => {
  it.each([
    ['unexpected status 401 Unauthorized: no', { kind: 'auth' }],
    ['Missing environment variable: `CODEX_API_KEY`.', { kind: 'auth' }],
    ['exceeded retry limit, last status: 429 Too Many Requests', { kind: 'rate-limit', retryAfterMs: null }],
    ['Rate limit reached. Please try again in 12.5s.', { kind: 'rate-limit', retryAfterMs: 12_500 }],
    ['Quota exceeded. Check your plan and billing details.', { kind: 'quota' }],
    [
      "You've hit your usage limit. Try again in 3 days 2 hours.",
      { kind: 'rate-limit', retryAfterMs: 266_400_000 },
    ],
    ["You've hit your usage limit.", { kind: 'quota' }],
    ['We’re currently experiencing high demand, which may cause temporary errors.', { kind: 'overload' }],
    ['Selected model is at capacity.', { kind: 'overload' }],
    ['stream disconnected before completion: error sending request', { kind: 'network' }],
    ['{"error":{"message":"bad request","type":"invalid"}}', { kind: 'crash', detail: 'bad request' }],
    ['anything else', { kind: 'crash', detail: 'anything else' }],
  ])('%s', (text, outcome) => {
    expect(classifyCodexError(text)).toMatchObject(outcome);
  });
});

describe('the events of Codex', () => {
  const read = (reader: ReturnType<typeof createCodexReader>, ...events: object[]) =>
    events.flatMap((event) => reader.read(JSON.stringify(event), 'stdout'));
  const usage = { input_tokens: 2_000, cached_input_tokens: 600, output_tokens: 100 };

  it('count tokens of a continued session from where it was', () => {
    const reader = createCodexReader({
      inputTokens: 1_000,
      outputTokens: 50,
      cachedTokens: 300,
      usd: null,
      estimated: false,
    });
    read(reader, { type: 'turn.completed', usage });
    expect(reader.usage()).toMatchObject({ inputTokens: 1_000, outputTokens: 50, cachedTokens: 300 });
  });

  it('do not fail a run by an item of type error or a reconnect', () => {
    const reader = createCodexReader(null);
    read(
      reader,
      { type: 'item.completed', item: { type: 'error', message: 'Model metadata not found' } },
      { type: 'error', message: 'Reconnecting... 1/2 (stream disconnected)' },
      { type: 'turn.completed', usage },
    );
    expect(reader.outcome({ code: 0, signal: null })).toEqual({ kind: 'success' });
  });

  it('tell when the program sleeps on a rate limit, until it goes on', () => {
    const reader = createCodexReader(null);
    read(reader, { type: 'error', message: 'Reconnecting... 1/2 (last status: 429 Too Many Requests)' });
    expect(reader.waitingFor?.()).toMatchObject({ kind: 'rate-limit' });
    read(reader, {
      type: 'item.started',
      item: { type: 'command_execution', command: '/bin/bash -lc "npm test"' },
    });
    expect(reader.waitingFor?.()).toBeNull();
  });

  it('give the last message as structured answer when it is an object', () => {
    const reader = createCodexReader(null);
    read(reader, { type: 'item.completed', item: { type: 'agent_message', text: '{"schemaVersion":2}' } });
    expect(reader.structuredOutput()).toEqual({ schemaVersion: 2 });
    read(reader, { type: 'item.completed', item: { type: 'agent_message', text: 'Done.' } });
    expect(reader.structuredOutput()).toBeUndefined();
  });

  it('show commands without the shell around them, and edited files', () => {
    const shown = read(
      createCodexReader(null),
      { type: 'item.started', item: { type: 'command_execution', command: '/bin/bash -lc "npm test"' } },
      {
        type: 'item.completed',
        item: { type: 'file_change', changes: [{ path: '/a/b/c/d.ts', kind: 'add' }] },
      },
    );
    expect(shown).toEqual([
      { kind: 'run', text: 'npm test' },
      { kind: 'edit', text: '…/b/c/d.ts' },
    ]);
  });
});
