import { join } from 'node:path';

/**
 * The real agent programs of these tests, at pinned versions. They are installed into an ignored folder and are no
 * dependency of anything.
 * @typedef {object} Program
 * @property {string} id Executor id.
 * @property {string} package
 * @property {string} version
 * @property {(folder: string) => string} binary Native program: it needs no other program on PATH.
 * @property {string} model
 * @property {(url: string) => Record<string, unknown>} options Executor options that lead it to the scripted server.
 * @property {(url: string) => Record<string, string>} env Its login, which is a dummy, and its switches.
 */

/** @type {Program[]} */
export const programs = [
  {
    id: 'codex',
    package: '@openai/codex',
    version: '0.169.0',
    binary: (folder) => join(folder, 'node_modules', '.bin', 'codex'),
    model: 'lab-model',
    options: (url) => ({
      config: [
        'model_provider=lab',
        'model_providers.lab.name=lab',
        `model_providers.lab.base_url=${url}/v1`,
        'model_providers.lab.env_key=CODEX_API_KEY',
        'model_providers.lab.wire_api=responses',
      ],
    }),
    env: () => ({ CODEX_API_KEY: 'dummy-codex-login-0001' }),
  },
  {
    id: 'claude',
    package: '@anthropic-ai/claude-code',
    version: '2.1.330',
    binary: (folder) => join(folder, 'node_modules', '.bin', 'claude'),
    model: 'lab-model',
    options: () => ({}),
    env: (url) => ({ ANTHROPIC_API_KEY: 'dummy-claude-login-0001', ANTHROPIC_BASE_URL: url }),
  },
  {
    id: 'opencode',
    package: 'opencode-ai',
    version: '1.18.33',
    binary: (folder) => join(folder, 'node_modules', '.bin', 'opencode'),
    model: 'lab/lab-model',
    options: (url) => ({
      config_json: {
        provider: {
          lab: {
            npm: '@ai-sdk/openai-compatible',
            name: 'lab',
            options: { baseURL: `${url}/v1`, apiKey: '{env:OPENCODE_API_KEY}' },
            models: { 'lab-model': { name: 'lab' } },
          },
        },
      },
    }),
    env: () => ({ OPENCODE_API_KEY: 'dummy-opencode-login-0001' }),
  },
];

/** Every folder that a program may take for the user's own lies below `folder`: nothing real is read or written. */
export function homeVariables(folder) {
  return {
    HOME: join(folder, 'home'),
    CODEX_HOME: join(folder, 'codex'),
    CLAUDE_CONFIG_DIR: join(folder, 'claude'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
}
