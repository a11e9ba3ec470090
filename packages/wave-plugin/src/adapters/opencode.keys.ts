import { type ExecutorVocabulary } from '../core/model';

/** The keys of `opencode.*` in wave files and of `executors.opencode` in the configuration. */
export const opencodeKeys: ExecutorVocabulary = {
  executorId: 'opencode',
  keys: {
    command: 'string',
    agent: 'string',
    attach: 'string',
    files: 'list',
    format: { enum: ['default', 'json'] },
    steps: 'int',
    instructions: 'list',
    permission: 'json',
    config_json: 'json',
  },
};
