import { type ExecutorVocabulary } from '../core/model';

/** The key of `local.*`: it may stand beside another executor id, for runs that are switched to `local`. */
export const localKeys: ExecutorVocabulary = {
  executorId: 'local',
  keys: { command: 'command' },
  allowedBesideOthers: ['command'],
  free: true,
};
