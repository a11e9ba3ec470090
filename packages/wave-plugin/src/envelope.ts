/** What local agent programs need of us: `@nx-wave/plugin/envelope`. It loads nothing else. */
import { composeEnvelope, type EnvelopeClaims } from './core/result/compose-envelope';
import { writePlain } from './edges/files/plain-files';

export { type EnvelopeClaims } from './core/result/compose-envelope';

/**
 * Writes the result envelope of the agent whose program this is, where the runner looks for it; answers the path. Throws an
 * error with a sentence in it where no wave started the program, or where a claim cannot be: the program then fails with it.
 */
export function writeEnvelope(
  claims: EnvelopeClaims = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const path = env['WAVE_RESULT_ENVELOPE'] ?? '';
  const writer = { agentId: env['WAVE_AGENT_ID'] ?? '', role: env['WAVE_ROLE'] ?? '' };
  const composed = composeEnvelope(path === '' ? { agentId: '', role: '' } : writer, claims);
  if (!composed.ok) throw new Error(composed.problem);
  writePlain(path, `${JSON.stringify(composed.value, null, 2)}\n`);
  return path;
}
