import { err, ok } from '@nx-wave/schemas/plain';
import { type ExecutorAdapter, type LaunchSpec } from './adapter';
import { codexKeys } from './codex.keys';
import { createCodexReader } from './codex.reader';
import { callOf, commandWords, flagLike, insideCheckout, optionsOf } from './options';
import { paidDefaults } from './paid-defaults';
import { strictSchema } from './strict-schema';

const { executorId } = codexKeys;
const loginNames = ['CODEX_API_KEY', 'OPENAI_API_KEY'];

/**
 * Set before the entries of the configuration, which therefore win: no traffic but to the model, bounded retries, the
 * login hidden from the agent's own commands, and no common temp folder that agents would share.
 */
const defaults = [
  'analytics.enabled=false',
  'check_for_update_on_startup=false',
  'features.apps=false',
  'features.plugins=false',
  'features.remote_plugin=false',
  'features.unbounded_connection_retries=false',
  `shell_environment_policy.exclude=${JSON.stringify(loginNames)}`,
  'sandbox_workspace_write.exclude_slash_tmp=true',
];

/** Codex CLI: `codex exec --json`, the prompt on its input, its own sandbox around every command. */
export const codexAdapter: ExecutorAdapter = {
  ...paidDefaults(codexKeys),
  displayName: 'Codex CLI',
  envNames: [...loginNames, 'CODEX_HOME', 'OPENAI_ORGANIZATION', 'OPENAI_PROJECT'],
  capabilities: {
    sandboxModes: ['read-only', 'workspace-write', 'danger-full-access'],
    supportsSearch: true,
    supportsImages: true,
    supportsAddDirs: true,
    supportsMcp: true,
    supportsHooks: false,
    supportsJson: true,
    supportsStructuredOutput: true,
    supportsResume: true,
    reportsCost: false,
    maxTurns: false,
    rateLimitRetry: true,
  },
  buildLaunchSpec: (agent, wave, options) => {
    const own = optionsOf(agent, executorId);
    const words = commandWords(agent, wave, executorId);
    if (!words.ok) return words;
    const images = insideCheckout(
      { agent, wave, key: 'codex.images' },
      own.list('images'),
      options.checkoutDir,
    );
    if (!images.ok) return images;
    const addDirs = insideCheckout(
      { agent, wave, key: 'codex.add_dirs' },
      own.list('add_dirs'),
      options.checkoutDir,
    );
    if (!addDirs.ok) return addDirs;
    const config = own.list('config');
    const dashed = flagLike({ agent, wave, key: 'codex.config' }, config);
    if (dashed !== null) return err(dashed);

    const asked = own.text('sandbox') ?? 'workspace-write';
    const sandbox = options.caged === true ? 'danger-full-access' : asked;
    const resumed = options.resumeSessionId;
    const schema = resumed === null ? null : strictSchema(options.envelopeSchema, agent.envelopeRole);
    const schemaPath = `${options.scratchDir}/codex-envelope.schema.json`;
    const profile = own.text('profile_name');
    const args = [
      ...words.value.args,
      'exec',
      '--json',
      '--skip-git-repo-check',
      `--sandbox=${sandbox}`,
      `--cd=${options.checkoutDir}`,
      ...(agent.executor.model === null ? [] : [`--model=${agent.executor.model}`]),
      ...(profile === null ? [] : [`--profile=${profile}`]),
      ...[
        ...defaults,
        `web_search="${own.flag('search') === true ? 'live' : 'disabled'}"`,
        ...boundRetries(config),
        ...config,
      ].map((entry) => `--config=${entry}`),
      ...images.value.map((path) => `--image=${path}`),
      ...[...(options.writableDirs ?? []), ...addDirs.value].map((path) => `--add-dir=${path}`),
      ...(own.flag('ephemeral') === true ? ['--ephemeral'] : []),
      ...(schema === null ? [] : [`--output-schema=${schemaPath}`]),
      ...(resumed === null ? [] : ['resume', resumed]),
      '-',
    ];
    return ok({
      command: words.value.command,
      args,
      stdin: options.prompt,
      env: {},
      ...(own.flag('ephemeral') === true ? { keepsNoSession: true } : {}),
      files: schema === null ? [] : [{ path: schemaPath, content: `${JSON.stringify(schema)}\n` }],
      ...cageOf(options.env, { config, asked, leading: words.value.args }),
      notices: noticesOf(asked, config, own.flag('json')),
    });
  },
  createStreamReader: (resumed) => createCodexReader(resumed?.usage ?? null),
};

/** The program runs a command in its sandbox and leaves with the exit code of that command. */
const sandboxTrial = ['sandbox', '--', 'true'];

const serviceHosts = ['api.openai.com', 'auth.openai.com', 'chatgpt.com', '*.chatgpt.com'];

/** What its next start obeys, below its folder. */
const settingsFiles = [
  ...[
    'config.toml',
    'hooks.json',
    'AGENTS.md',
    'AGENTS.override.md',
    'managed_config.toml',
    'requirements.toml',
  ],
  ...['agents', 'hooks', 'prompts', 'rules', 'skills'],
];

interface CodexCage {
  config: readonly string[];
  /** The sandbox mode that is asked for. */
  asked: string;
  /** Words of the configured command that stand before every argument. */
  leading: readonly string[];
}

/** What it needs in a cage of ours, and how its own is tried. */
function cageOf(
  env: Readonly<Record<string, string>>,
  { config, asked, leading }: CodexCage,
): Pick<LaunchSpec, 'needs' | 'ownSandbox'> {
  const calls = [...serviceHosts, ...baseUrlsOf(config).flatMap(callOf)];
  const own = env['CODEX_HOME'] ?? '~/.codex';
  return {
    needs: {
      folders: [own],
      ownFolders: [own],
      calls,
      settings: settingsFiles.map((name) => `${own}/${name}`),
    },
    ...(asked === 'danger-full-access' ? {} : { ownSandbox: { tryArgs: [...leading, ...sandboxTrial] } }),
  };
}

/** Addresses of models that the entries of the configuration name. */
function baseUrlsOf(config: readonly string[]): string[] {
  return config.flatMap(
    (entry) => /^(?:[\w.-]+\.)?(?:openai_)?base_url\s*=\s*"?([^"\s]+)"?$/.exec(entry)?.[1] ?? [],
  );
}

/** A provider of the user's own has its retries in its own table; the built-in one is bounded by itself. */
function boundRetries(config: readonly string[]): string[] {
  const chosen = config
    .map((entry) => /^model_provider\s*=\s*"?([A-Za-z0-9_-]+)"?$/.exec(entry)?.[1])
    .find(Boolean);
  if (chosen === undefined || chosen === 'openai') return [];
  return [
    `model_providers.${chosen}.request_max_retries=2`,
    `model_providers.${chosen}.stream_max_retries=2`,
  ];
}

/** Entries that change what the model is told or costs, and nothing that guards the machine or the login. */
const harmless =
  /^(model(_[a-z_]+)?|model_providers\..+|web_search|developer_instructions|personality|service_tier|tool_output_token_limit|project_doc_[a-z_]+|features\.(apps|plugins|remote_plugin|unbounded_connection_retries)|analytics\.enabled|check_for_update_on_startup|hide_agent_reasoning|history\.[a-z_]+)$/;

/** Whatever is not known to be harmless is shown: a new key of the program may open anything. */
function noticesOf(sandbox: string, config: readonly string[], json: boolean | null): string[] {
  const notices: string[] = [];
  if (sandbox === 'danger-full-access') {
    notices.push('codex.sandbox is danger-full-access: commands of the agent run without a sandbox');
  }
  for (const entry of config) {
    const key = (entry.split('=')[0] ?? '').replace(/["'\s]/g, '');
    if (!harmless.test(key)) notices.push(`codex.config may change what guards the agent: ${entry}`);
  }
  if (json === false) notices.push('codex.json: false is not followed: supervision needs the event stream');
  return notices;
}
