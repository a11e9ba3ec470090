import { type Result, err, ok } from '@nx-wave/schemas/plain';
import { type ResolvedAgent, type ResolvedWave } from '../core/model';
import { type ExecutorAdapter, type LaunchOptions, type LaunchSpec } from './adapter';
import { claudeKeys } from './claude.keys';
import { createClaudeReader } from './claude.reader';
import { parseEvent } from './json-lines';
import {
  callOf,
  commandWords,
  flagLike,
  insideCheckout,
  isObject,
  mergeDeep,
  optionInvalid,
  optionsOf,
  unlessSet,
} from './options';
import { paidDefaults } from './paid-defaults';
import { strictSchema } from './strict-schema';

const { executorId } = claudeKeys;

/** Commands run freely inside the program's own sandbox; where it is not to be had, each one needs a permission. */
const safeSettings = { sandbox: { enabled: true, autoAllowBashIfSandboxed: true } };

/** Claude Code: `claude -p` with its event stream, the prompt on its input. */
export const claudeAdapter: ExecutorAdapter = {
  ...paidDefaults(claudeKeys),
  allowKey: 'allowed_tools',
  displayName: 'Claude Code',
  envNames: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_USE_BEDROCK',
    'CLAUDE_CODE_USE_VERTEX',
  ],
  capabilities: {
    sandboxModes: ['acceptEdits', 'auto', 'bypassPermissions', 'manual', 'dontAsk', 'plan'],
    supportsSearch: true,
    supportsImages: false,
    supportsAddDirs: true,
    supportsMcp: true,
    supportsHooks: true,
    supportsJson: true,
    supportsStructuredOutput: true,
    supportsResume: true,
    reportsCost: true,
    maxTurns: true,
    rateLimitRetry: true,
  },
  settingsFiles: (agent) => {
    const own = optionsOf(agent, executorId);
    const settings = own.text('settings');
    return [...(settings === null ? [] : [settings]), ...own.list('mcp_config')];
  },
  buildLaunchSpec: (agent, wave, options) => {
    const own = optionsOf(agent, executorId);
    const words = commandWords(agent, wave, executorId);
    if (!words.ok) return words;
    const mcp = serversOf(agent, wave, options);
    if (!mcp.ok) return mcp;
    const settings = settingsOf(agent, wave, options);
    if (!settings.ok) return settings;
    for (const key of ['allowed_tools', 'disallowed_tools']) {
      const dashed = flagLike({ agent, wave, key: `claude.${key}` }, own.list(key));
      if (dashed !== null) return err(dashed);
    }

    const mode = own.text('permission_mode') ?? 'acceptEdits';
    const maxTurns = own.number('max_turns') ?? agent.executor.budget.turns ?? null;
    const schema = strictSchema(options.envelopeSchema, agent.envelopeRole);
    const settingsPath = `${options.scratchDir}/claude-settings.json`;
    const flag = (name: string, value: string | number | null): string[] =>
      value === null ? [] : [`--${name}=${value}`];
    const args = [
      ...words.value.args,
      '-p',
      '--output-format=stream-json',
      '--verbose',
      ...flag('permission-mode', mode),
      ...flag('settings', settingsPath),
      ...flag('model', agent.executor.model),
      ...flag('agent', own.text('agent')),
      ...flag('permission-prompt-tool', own.text('permission_prompt_tool')),
      ...flag('effort', own.text('effort')),
      ...flag('max-turns', maxTurns),
      ...flag('max-budget-usd', agent.executor.budget.usd ?? null),
      ...flag('json-schema', schema === null ? null : JSON.stringify(schema)),
      ...own.list('allowed_tools').flatMap((tool) => flag('allowedTools', tool)),
      ...own.list('disallowed_tools').flatMap((tool) => flag('disallowedTools', tool)),
      ...mcp.value.flatMap(({ path }) => flag('mcp-config', path)),
      ...(mcp.value.length === 0 ? [] : ['--strict-mcp-config']),
      // What the prompt refers to lies there: the schema of the envelope.
      ...flag('add-dir', options.scratchDir),
      ...flag('resume', options.resumeSessionId),
    ];
    return ok({
      command: words.value.command,
      args,
      stdin: options.prompt,
      env: unlessSet(options.env, {
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        // The runner itself waits and tries again, with a limit and an event for each wait.
        CLAUDE_CODE_MAX_RETRIES: '2',
      }),
      files: [{ path: settingsPath, content: `${JSON.stringify(settings.value, null, 2)}\n` }, ...mcp.value],
      ...cageOf(options.env, isSandboxed(settings.value, mode)),
      notices: noticesOf(settings.value, {
        mode,
        allowed: own.list('allowed_tools'),
        format: own.text('output_format'),
      }),
    });
  },
  createStreamReader: (resumed) => createClaudeReader(resumed?.usage ?? null),
};

const serviceHosts = [
  'api.anthropic.com',
  'console.anthropic.com',
  'platform.claude.com',
  'claude.ai',
  '*.amazonaws.com',
  '*.googleapis.com',
];

/** What its next start obeys, below its folder. */
const settingsFiles = [
  ...['settings.json', 'settings.local.json', 'CLAUDE.md', 'keybindings.json'],
  ...['agents', 'commands', 'hooks', 'output-styles', 'plugins', 'rules', 'skills'],
];

/** What it needs in a cage of ours; its own is made of the same programs. */
function cageOf(
  env: Readonly<Record<string, string>>,
  sandboxed: boolean,
): Pick<LaunchSpec, 'needs' | 'ownSandbox'> {
  const { CLAUDE_CONFIG_DIR: folder, ANTHROPIC_BASE_URL: address = '' } = env;
  const own = folder ?? '~/.claude';
  return {
    needs: {
      folders: folder === undefined ? [own, '~/.claude.json'] : [own],
      ownFolders: [own],
      settings: settingsFiles.map((name) => `${own}/${name}`),
      calls: [...serviceHosts, ...callOf(address)],
    },
    ...(sandboxed ? { ownSandbox: { sameAsOurs: true } } : {}),
  };
}

/** Whether its commands run in its sandbox: nothing bypasses it, and nothing may leave it. */
function isSandboxed(settings: Record<string, unknown>, mode: string): boolean {
  const permissions = isObject(settings.permissions) ? settings.permissions : {};
  const sandbox = isObject(settings.sandbox) ? settings.sandbox : {};
  const bypassed = mode === 'bypassPermissions' || permissions.defaultMode === 'bypassPermissions';
  const usual = Object.keys(sandbox).every((key) => key in safeSettings.sandbox);
  return sandbox.enabled === true && usual && !bypassed;
}

/** Copies of the files that name servers: the program must not read them where its agent can write. */
function serversOf(
  agent: ResolvedAgent,
  wave: ResolvedWave,
  options: LaunchOptions,
): Result<{ path: string; content: string }[]> {
  const names = optionsOf(agent, executorId).list('mcp_config');
  const paths = insideCheckout({ agent, wave, key: 'claude.mcp_config' }, names, options.checkoutDir);
  if (!paths.ok) return paths;
  const copies: { path: string; content: string }[] = [];
  for (const [index, path] of paths.value.entries()) {
    const content = options.io?.readFile(path) ?? null;
    if (content === null)
      return err(optionInvalid({ agent, wave, key: 'claude.mcp_config' }, `"${names[index]}" is not there`));
    copies.push({ path: `${options.scratchDir}/claude-servers-${index + 1}.json`, content });
  }
  return ok(copies);
}

/** Safe defaults, then the settings file, then `settings_json`, hooks and allowed hook addresses. */
function settingsOf(
  agent: ResolvedAgent,
  wave: ResolvedWave,
  options: LaunchOptions,
): Result<Record<string, unknown>> {
  const own = optionsOf(agent, executorId);
  const hooks = own.object('hooks_json');
  const urls = own.list('allowed_http_hook_urls');
  const file = own.text('settings');
  let settings: Record<string, unknown> = safeSettings;
  if (file !== null) {
    const path = insideCheckout({ agent, wave, key: 'claude.settings' }, [file], options.checkoutDir);
    if (!path.ok) return path;
    const text = options.io?.readFile(path.value[0] ?? '') ?? null;
    const value = text === null ? null : parseEvent(text.trim());
    if (value === null) {
      return err(
        optionInvalid(
          { agent, wave, key: 'claude.settings' },
          `"${file}" is not there or holds no JSON object`,
        ),
      );
    }
    settings = mergeDeep(settings, value);
  }
  settings = mergeDeep(settings, own.object('settings_json') ?? {});
  if (hooks !== null) settings = mergeDeep(settings, { hooks: isObject(hooks.hooks) ? hooks.hooks : hooks });
  return ok(urls.length === 0 ? settings : { ...settings, allowedHttpHookUrls: urls });
}

/** Tools that stand for any command, whatever is in the brackets. */
const anyCommand = /^(\*|Bash|Bash\([*: ]*\))$/;

function noticesOf(
  settings: Record<string, unknown>,
  { mode, allowed, format }: { mode: string; allowed: readonly string[]; format: string | null },
): string[] {
  const notices: string[] = [];
  const permissions = isObject(settings.permissions) ? settings.permissions : {};
  if (mode === 'bypassPermissions' || permissions.defaultMode === 'bypassPermissions') {
    notices.push('claude.permission_mode is bypassPermissions: the agent may do anything without asking');
  }
  const granted = [...allowed, ...(Array.isArray(permissions.allow) ? permissions.allow.map(String) : [])];
  if (granted.some((tool) => anyCommand.test(tool))) {
    notices.push(
      'claude.allowed_tools lets the agent run any command, outside of a sandbox where there is none',
    );
  }
  const sandbox = isObject(settings.sandbox) ? settings.sandbox : {};
  if (sandbox.enabled !== true) notices.push('the settings of claude turn its sandbox off');
  const weaker = Object.keys(sandbox).filter((key) => !(key in safeSettings.sandbox));
  if (weaker.length > 0) notices.push(`the settings of claude change its sandbox: ${weaker.join(', ')}`);
  if (isObject(settings.hooks) && Object.keys(settings.hooks).length > 0) {
    notices.push('the settings of claude have hooks: their commands run outside of its sandbox');
  }
  if (format !== null && format !== 'stream-json') {
    notices.push(`claude.output_format: ${format} is not followed: supervision needs the event stream`);
  }
  return notices;
}
