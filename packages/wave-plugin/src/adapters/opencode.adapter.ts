import { ok } from '@nx-wave/schemas/plain';
import { type ResolvedAgent } from '../core/model';
import { type ExecutorAdapter, type LaunchOptions } from './adapter';
import { opencodeKeys } from './opencode.keys';
import { createOpencodeReader } from './opencode.reader';
import { callOf, commandWords, insideCheckout, isObject, mergeDeep, optionsOf, unlessSet } from './options';
import { paidDefaults } from './paid-defaults';

const { executorId } = opencodeKeys;

/** OpenCode: `opencode run --format json`, the prompt on its input, its permissions by configuration. */
export const opencodeAdapter: ExecutorAdapter = {
  ...paidDefaults(opencodeKeys),
  allowKey: 'permission',
  displayName: 'OpenCode',
  envNames: [
    'OPENCODE_API_KEY',
    'OPENCODE_AUTH_CONTENT',
    'OPENCODE_CONFIG',
    'OPENCODE_CONFIG_DIR',
    'ANTHROPIC_API_KEY',
    'OPENAI_API_KEY',
    'OPENROUTER_API_KEY',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
    'XDG_STATE_HOME',
    'XDG_CACHE_HOME',
  ],
  capabilities: {
    sandboxModes: [],
    supportsSearch: false,
    supportsImages: false,
    supportsAddDirs: false,
    supportsMcp: true,
    supportsHooks: false,
    supportsJson: true,
    supportsStructuredOutput: false,
    supportsResume: true,
    reportsCost: true,
    maxTurns: true,
    rateLimitRetry: true,
  },
  buildLaunchSpec: (agent, wave, options) => {
    const own = optionsOf(agent, executorId);
    const words = commandWords(agent, wave, executorId);
    if (!words.ok) return words;
    const files = insideCheckout(
      { agent, wave, key: 'opencode.files' },
      own.list('files'),
      options.checkoutDir,
    );
    if (!files.ok) return files;
    const { model } = agent.executor;
    const attach = own.text('attach');
    const chosenAgent = own.text('agent');
    const config = configOf(agent, options);
    const steps = stepsOf(agent);
    const args = [
      ...words.value.args,
      'run',
      '--format=json',
      // Without a title the program asks its model for one.
      `--title=${wave.identity.project} ${agent.unitId}`,
      ...(model === null ? [] : [`--model=${model}`]),
      ...(chosenAgent === null ? [] : [`--agent=${chosenAgent}`]),
      ...(attach === null ? [] : [`--attach=${attach}`, `--dir=${options.checkoutDir}`]),
      ...files.value.map((path) => `--file=${path}`),
      ...(options.resumeSessionId === null ? [] : [`--session=${options.resumeSessionId}`]),
    ];
    return ok({
      command: words.value.command,
      args,
      stdin: options.prompt,
      env: {
        ...unlessSet(options.env, {
          OPENCODE_DISABLE_AUTOUPDATE: '1',
          OPENCODE_DISABLE_MODELS_FETCH: '1',
          OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
          OPENCODE_DISABLE_SHARE: '1',
        }),
        // Of all places the one that a file in the checkout cannot overrule.
        OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
      },
      files: [],
      needs: {
        folders: sessionFolders(options.env),
        ownFolders: sessionFolders(options.env),
        calls: callsOf(config, model, attach),
        settings: settingsOf(options.env),
      },
      ...(steps === null ? {} : { turnLimit: steps }),
      notices: noticesOf(givenOf(agent), attach, own.text('format')),
    });
  },
  createStreamReader: createOpencodeReader,
};

/** Its sessions, its login and what it has fetched of itself. */
function sessionFolders(env: Readonly<Record<string, string>>): string[] {
  const places: [string, string][] = [
    ['XDG_DATA_HOME', '~/.local/share'],
    ['XDG_STATE_HOME', '~/.local/state'],
    ['XDG_CACHE_HOME', '~/.cache'],
    ['XDG_CONFIG_HOME', '~/.config'],
  ];
  return places.map(([name, usual]) => `${env[name] ?? usual}/opencode`);
}

/** What its next start obeys, in the folder of its configuration. */
const settingsFiles = [
  ...['opencode.json', 'opencode.jsonc', 'config.json', 'tui.json', 'AGENTS.md'],
  ...[
    'agent',
    'agents',
    'command',
    'commands',
    'mode',
    'modes',
    'plugin',
    'plugins',
    'skill',
    'skills',
    'tool',
    'tools',
  ],
];

function settingsOf(env: Readonly<Record<string, string>>): string[] {
  return settingsFiles.map((name) => `${env['XDG_CONFIG_HOME'] ?? '~/.config'}/opencode/${name}`);
}

/** Services by the name that a model has in front: `anthropic/…`. */
const servicesOf: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['api.anthropic.com'],
  openai: ['api.openai.com', 'auth.openai.com', 'chatgpt.com'],
  openrouter: ['openrouter.ai'],
  opencode: ['opencode.ai'],
  google: ['generativelanguage.googleapis.com'],
  'github-copilot': ['api.githubcopilot.com', 'api.github.com', 'github.com'],
  groq: ['api.groq.com'],
  mistral: ['api.mistral.ai'],
  deepseek: ['api.deepseek.com'],
  xai: ['api.x.ai'],
};

/** The service of the model, every address that the configuration names, and the server that the agent runs in. */
function callsOf(config: Record<string, unknown>, model: string | null, attach: string | null): string[] {
  const provider = model?.split('/')[0];
  const known = provider === undefined ? Object.values(servicesOf).flat() : (servicesOf[provider] ?? []);
  const addresses = [...baseUrlsOf(config), ...(attach === null ? [] : [attach])];
  return [...known, 'models.dev', ...addresses.flatMap(callOf)];
}

function baseUrlsOf(value: unknown): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'baseURL' && typeof inner === 'string' ? [inner] : baseUrlsOf(inner),
  );
}

/**
 * The program has no sandbox: inside the checkout it may edit and run, outside it may touch the temp folders only, and
 * it asks no one on the web. A rule that would ask counts as a refusal here: there is nobody to answer.
 */
function configOf(agent: ResolvedAgent, options: LaunchOptions): Record<string, unknown> {
  const own = optionsOf(agent, executorId);
  const mayTouch = [options.scratchDir, ...(options.writableDirs ?? [])].map((folder) => [
    `${folder}/*`,
    'allow',
  ]);
  const steps = stepsOf(agent);
  const instructions = own.list('instructions');
  const defaults = {
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    permission: {
      edit: 'allow',
      bash: 'allow',
      webfetch: 'deny',
      websearch: 'deny',
      external_directory: { '*': 'deny', ...Object.fromEntries(mayTouch) },
    },
    ...(instructions.length === 0 ? {} : { instructions }),
    ...(steps === null ? {} : { agent: { [own.text('agent') ?? 'build']: { steps } } }),
  };
  const permission = own.object('permission');
  const merged = mergeDeep(defaults, own.object('config_json') ?? {});
  return permission === null ? merged : mergeDeep(merged, { permission });
}

function stepsOf(agent: ResolvedAgent): number | null {
  return optionsOf(agent, executorId).number('steps') ?? agent.executor.budget.turns ?? null;
}

function givenOf(agent: ResolvedAgent): Record<string, unknown>[] {
  const own = optionsOf(agent, executorId);
  const permission = own.object('permission');
  return [own.object('config_json') ?? {}, ...(permission === null ? [] : [{ permission }])];
}

/** `given`: what the wave and the configuration of the workspace say, without the defaults of nx-wave. */
function noticesOf(
  given: readonly Record<string, unknown>[],
  attach: string | null,
  format: string | null,
): string[] {
  const notices: string[] = [];
  const opened = [...new Set(given.flatMap((value) => grantsOf(value, [])))];
  if (opened.length > 0)
    notices.push(`opencode lets the agent do more than it may by default: ${opened.join(', ')}`);
  for (const key of ['mcp', 'plugin', 'command', 'tools', 'formatter', 'lsp']) {
    if (given.some((value) => key in value))
      notices.push(`opencode.config_json.${key} may start programs that no permission covers`);
  }
  if (attach !== null) notices.push(`the agent runs inside the server at ${attach}, which is not supervised`);
  if (format === 'default')
    notices.push('opencode.format: default is not followed: supervision needs the event stream');
  return notices;
}

/** Every `allow` below a key `permission`, wherever it stands; editing and running inside the checkout is allowed anyway. */
function grantsOf(value: unknown, at: readonly string[]): string[] {
  const permission = at.lastIndexOf('permission');
  if (value === 'allow' && permission >= 0) {
    const [name = '*'] = at.slice(permission + 1);
    return name === 'edit' || name === 'bash' || name === 'read' ? [] : [at.join('.')];
  }
  return isObject(value)
    ? Object.entries(value).flatMap(([key, inner]) => grantsOf(inner, [...at, key]))
    : [];
}
