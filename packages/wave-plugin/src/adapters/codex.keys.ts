import { type ExecutorVocabulary } from '../core/model';

/** The keys of `codex.*` in wave files and of `executors.codex` in the configuration. */
export const codexKeys: ExecutorVocabulary = {
  executorId: 'codex',
  keys: {
    command: 'string',
    sandbox: { enum: ['read-only', 'workspace-write', 'danger-full-access'] },
    profile_name: 'string',
    config: 'list',
    search: 'bool',
    images: 'list',
    add_dirs: 'list',
    json: 'bool',
    ephemeral: 'bool',
  },
};
