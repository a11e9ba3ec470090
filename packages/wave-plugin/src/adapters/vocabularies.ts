import { type ExecutorVocabulary } from '../core/model';
import { claudeKeys } from './claude.keys';
import { codexKeys } from './codex.keys';
import { localKeys } from './local.keys';
import { opencodeKeys } from './opencode.keys';

/**
 * What the wave language must know of every adapter: all that inference loads of them. The first one runs agents of a
 * workspace that has not chosen.
 */
export const vocabularies: readonly ExecutorVocabulary[] = [codexKeys, claudeKeys, opencodeKeys, localKeys];
