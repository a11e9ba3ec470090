import { synthesizeLegacyEnvelope } from '../core/legacy/synthesize-envelope';
import { type ExecutorVocabulary } from '../core/model';
import { type ExecutorAdapter } from './adapter';
import { locateEnvelopeFile, validateAgentEnvelope } from './envelope-contract';
import { standardHooks } from './hooks';
import { programOf } from './options';

/** What programs that cost have in common; an adapter adds its launches, its reader and what it can do. */
export function paidDefaults(keys: ExecutorVocabulary) {
  return {
    ...keys,
    free: false,
    fallbackEligibility: { canFallbackFrom: true, canFallbackTo: true, restrictions: [] },
    supervisionHooks: standardHooks,
    locateResultEnvelope: locateEnvelopeFile,
    validateResultEnvelope: validateAgentEnvelope,
    synthesizeLegacyEnvelope,
    isAvailable: (io, configuredCommand) => io.which(programOf(keys.executorId, configuredCommand)) !== null,
  } satisfies Partial<ExecutorAdapter>;
}
