import { type ExecutorVocabulary } from '../core/model';

/** The keys of `claude.*` in wave files and of `executors.claude` in the configuration. */
export const claudeKeys: ExecutorVocabulary = {
  executorId: 'claude',
  keys: {
    command: 'string',
    agent: 'string',
    permission_mode: 'string',
    permission_prompt_tool: 'string',
    effort: { enum: ['low', 'medium', 'high', 'max'] },
    max_turns: 'int',
    mcp_config: 'list',
    settings: 'string',
    settings_json: 'json',
    hooks_json: 'json',
    allowed_http_hook_urls: 'list',
    output_format: { enum: ['text', 'json', 'stream-json'] },
    allowed_tools: 'list',
    disallowed_tools: 'list',
  },
};
