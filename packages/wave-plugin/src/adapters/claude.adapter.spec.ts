import { type OptionValue } from '@nx-wave/schemas';
import { launchOptions } from '../testing/adapter-conformance';
import { buildAgent, buildExecutor, buildWave } from '../testing/resolved';
import { type AdapterIo, type LaunchOptions } from './adapter';
import { claudeAdapter } from './claude.adapter';
import { createClaudeReader } from './claude.reader';

function launch(
  options: Record<string, OptionValue>,
  extra: Partial<LaunchOptions> = {},
  overrides: Parameters<typeof buildExecutor>[2] = {},
) {
  const agent = buildAgent({ executor: buildExecutor('claude', options, overrides) });
  return claudeAdapter.buildLaunchSpec(agent, buildWave([agent]), { ...launchOptions, ...extra });
}

function valueOf(...given: Parameters<typeof launch>) {
  const spec = launch(...given);
  if (!spec.ok) throw new Error(spec.error.message);
  return {
    ...spec.value,
    settings: JSON.parse(spec.value.files[0]?.content ?? '{}') as Record<string, unknown>,
  };
}

const io = (files: Record<string, string>): AdapterIo => ({
  readFile: (path) => files[path] ?? null,
  exists: (path) => path in files,
  which: () => null,
});

describe('the command line of Claude Code', () => {
  it('may edit, and run commands inside its sandbox only', () => {
    const { args, settings, env } = valueOf({});
    expect(args.slice(0, 4)).toEqual([
      '-p',
      '--output-format=stream-json',
      '--verbose',
      '--permission-mode=acceptEdits',
    ]);
    expect(settings).toEqual({ sandbox: { enabled: true, autoAllowBashIfSandboxed: true } });
    expect(env).toEqual({ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', CLAUDE_CODE_MAX_RETRIES: '2' });
  });

  it.each([
    [{ agent: 'reviewer' }, '--agent=reviewer'],
    [{ permission_mode: 'plan' }, '--permission-mode=plan'],
    [{ permission_prompt_tool: 'mcp__x__ask' }, '--permission-prompt-tool=mcp__x__ask'],
    [{ effort: 'high' }, '--effort=high'],
    [{ max_turns: 12 }, '--max-turns=12'],
    [{ allowed_tools: ['Bash(npm test:*)', 'Edit'] }, '--allowedTools=Bash(npm test:*)'],
    [{ disallowed_tools: ['WebFetch'] }, '--disallowedTools=WebFetch'],
  ])('maps %j', (options, expected) => {
    expect(valueOf(options).args).toContain(expected);
  });

  it('copies the files that name servers to where no agent writes', () => {
    const files = { '/checkouts/a1/tree/.mcp.json': '{"mcpServers":{}}' };
    const given = valueOf({ mcp_config: ['.mcp.json'] }, { io: io(files) });
    expect(given.args).toEqual(
      expect.arrayContaining([
        '--mcp-config=/checkouts/a1/scratch/claude-servers-1.json',
        '--strict-mcp-config',
      ]),
    );
    expect(given.files[1]).toEqual({
      path: '/checkouts/a1/scratch/claude-servers-1.json',
      content: '{"mcpServers":{}}',
    });
  });

  it('takes budget and turns of the agent, the schema of its envelope and the session', () => {
    const envelopeSchema = {
      oneOf: [{ type: 'object', properties: { role: { const: 'implementation', type: 'string' } } }],
    };
    const { args } = valueOf(
      {},
      { envelopeSchema, resumeSessionId: 's-1' },
      { budget: { usd: 3, turns: 40 } },
    );
    expect(args).toEqual(expect.arrayContaining(['--max-budget-usd=3', '--max-turns=40', '--resume=s-1']));
    expect(args.find((arg) => arg.startsWith('--json-schema='))).toContain('"additionalProperties":false');
  });

  it('leaves variables alone that the user has set', () => {
    const env = { ...launchOptions.env, CLAUDE_CODE_MAX_RETRIES: '7' };
    expect(valueOf({}, { env }).env).toEqual({ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' });
  });

  it('merges settings: defaults, file, object, hooks, allowed addresses', () => {
    const files = {
      '/checkouts/a1/tree/.claude/wave.json': '{"sandbox":{"network":{"allow":1}},"model":"a"}',
    };
    const { settings } = valueOf(
      {
        settings: '.claude/wave.json',
        settings_json: { model: 'b' },
        hooks_json: { Stop: [] },
        allowed_http_hook_urls: ['https://hooks.example'],
      },
      { io: io(files) },
    );
    expect(settings).toEqual({
      sandbox: { enabled: true, autoAllowBashIfSandboxed: true, network: { allow: 1 } },
      model: 'b',
      hooks: { Stop: [] },
      allowedHttpHookUrls: ['https://hooks.example'],
    });
  });

  it.each([
    [{ permission_mode: 'bypassPermissions' }, 'bypassPermissions'],
    [{ settings_json: { permissions: { defaultMode: 'bypassPermissions' } } }, 'bypassPermissions'],
    [{ settings_json: { sandbox: { enabled: false } } }, 'sandbox off'],
    [{ output_format: 'text' }, 'is not followed'],
    [{ allowed_tools: ['Read', 'Bash'] }, 'any command'],
    [{ allowed_tools: ['Bash(*)'] }, 'any command'],
    [{ settings_json: { permissions: { allow: ['Bash(:*)'] } } }, 'any command'],
    [{ settings_json: { sandbox: false } }, 'sandbox off'],
    [{ settings_json: { sandbox: { excludedCommands: ['docker'] } } }, 'excludedCommands'],
    [{ hooks_json: { PreToolUse: [] } }, 'hooks'],
  ])('announces %j', (options, words) => {
    expect(valueOf(options).notices).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    [{ settings: '../outside.json' }, 'claude.settings'],
    [{ settings: 'missing.json' }, 'claude.settings'],
    [{ mcp_config: ['/etc/x.json'] }, 'claude.mcp_config'],
    [{ mcp_config: ['missing.json'] }, 'claude.mcp_config'],
    [{ allowed_tools: ['--dangerously-skip-permissions'] }, 'claude.allowed_tools'],
  ])('refuses %j and names the key', (options, key) => {
    const spec = launch(options, { io: io({}) });
    expect(spec.ok ? '' : spec.error.message).toContain(key);
  });
});

describe('the events of Claude Code', () => {
  const read = (reader: ReturnType<typeof createClaudeReader>, ...events: object[]) =>
    events.flatMap((event) => reader.read(JSON.stringify(event), 'stdout'));
  const result = (more: object) => ({
    type: 'result',
    subtype: 'success',
    is_error: false,
    session_id: 's',
    ...more,
  });
  const outcomeOf = (more: object, ...before: object[]) => {
    const reader = createClaudeReader(null);
    read(reader, ...before, result(more));
    return reader.outcome({ code: 1, signal: null });
  };

  it.each([
    [{ is_error: true, api_error_status: 401, result: 'no' }, { kind: 'auth' }],
    [{ is_error: true, result: 'Not logged in · Please run /login' }, { kind: 'auth' }],
    [{ is_error: true, api_error_status: 429, result: 'no' }, { kind: 'rate-limit' }],
    [{ is_error: true, api_error_status: 400, result: 'Credit balance is too low' }, { kind: 'quota' }],
    [{ is_error: true, api_error_status: 529, result: 'Overloaded' }, { kind: 'overload' }],
    [{ is_error: true, api_error: 'connection_failed', result: 'x' }, { kind: 'network' }],
    [
      { is_error: true, api_error_status: 404, result: 'no such model' },
      { kind: 'crash', detail: 'no such model' },
    ],
    [
      { is_error: true, subtype: 'error_during_execution', errors: ['aborted'] },
      { kind: 'crash', detail: 'aborted' },
    ],
    [{ stop_reason: 'end_turn' }, { kind: 'success' }],
    [{}, { kind: 'success' }],
  ])('%j', (more, outcome) => {
    expect(outcomeOf(more)).toMatchObject(outcome);
  });

  it('name the time at which the limit of a plan ends', () => {
    const limit = {
      type: 'rate_limit_event',
      rate_limit_info: { status: 'rejected', resetsAt: 1_800_000_000 },
    };
    const outcome = outcomeOf(
      { is_error: true, api_error_status: 429, result: 'usage limit reached' },
      limit,
    );
    expect(outcome).toMatchObject({ kind: 'rate-limit', resetsAtMs: 1_800_000_000_000 });
  });

  it('count the money of a continued session from where it was, and its tokens as they are', () => {
    const reader = createClaudeReader({ inputTokens: 9, outputTokens: 9, usd: 0.5, estimated: false });
    read(
      reader,
      result({
        total_cost_usd: 0.75,
        usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 2 },
      }),
    );
    expect(reader.usage()).toEqual({
      inputTokens: 15,
      outputTokens: 2,
      cachedTokens: 5,
      usd: 0.25,
      estimated: false,
    });
  });

  it('count each message once while the program runs', () => {
    const reader = createClaudeReader(null);
    const message = (id: string) => ({
      type: 'assistant',
      message: { id, content: [], usage: { input_tokens: 10, output_tokens: 1 } },
    });
    read(reader, message('m1'), message('m1'), message('m2'));
    expect(reader.usage()).toMatchObject({ inputTokens: 20, outputTokens: 2, usd: null });
  });

  it('give the structured answer', () => {
    const reader = createClaudeReader(null);
    read(reader, result({ structured_output: { schemaVersion: 2 } }));
    expect(reader.structuredOutput()).toEqual({ schemaVersion: 2 });
  });

  it('take nothing back that a good result has told, unless there was work in between', () => {
    const bad = result({ is_error: true, subtype: 'error_during_execution', errors: ['aborted'] });
    const work = { type: 'assistant', message: { id: 'm', content: [] } };
    const endOf = (...events: object[]) => {
      const reader = createClaudeReader(null);
      read(reader, ...events);
      return reader.outcome({ code: 0, signal: null }).kind;
    };
    expect(endOf(result({}), bad)).toBe('success');
    expect(endOf(result({}), work, bad)).toBe('crash');
    expect(endOf(bad, result({}))).toBe('success');
  });

  it('name each denied tool once, wherever it is told', () => {
    const reader = createClaudeReader(null);
    read(
      reader,
      { type: 'system', subtype: 'permission_denied', tool_name: 'Bash', message: 'no' },
      result({ permission_denials: [{ tool_name: 'Write' }, { tool_name: 'Bash' }] }),
    );
    expect(reader.denials?.()).toEqual(['Bash', 'Write']);
  });

  it('show what was not allowed', () => {
    const shown = read(createClaudeReader(null), {
      type: 'system',
      subtype: 'permission_denied',
      message: 'not without asking',
    });
    expect(shown).toEqual([{ kind: 'info', text: 'was not allowed: not without asking' }]);
  });
});
