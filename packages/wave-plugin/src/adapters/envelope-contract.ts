import { envelopeRoles } from '@nx-wave/schemas/plain';
import { type AdapterIo } from './adapter';

/** Where every adapter looks for the envelope: the one place that the agent was told. */
export function locateEnvelopeFile(options: { envelopePath: string }, io: AdapterIo): string | null {
  return io.exists(options.envelopePath) ? options.envelopePath : null;
}

/**
 * The least that an agent must give: the rest of the header is the runner's to fill in. The full schema is checked
 * after that; this is the contract between a program and the runner.
 */
export function validateAgentEnvelope(value: unknown): { valid: boolean; errors: string[] } {
  if (!isObject(value)) return { valid: false, errors: ['the envelope is not a JSON object'] };
  const errors: string[] = [];
  if (value.schemaVersion !== 2) errors.push('schemaVersion is not 2');
  if (typeof value.agentId !== 'string' || value.agentId === '') errors.push('agentId is not a name');
  const role = value.role;
  if (typeof role !== 'string' || !(envelopeRoles as readonly string[]).includes(role)) {
    errors.push(`role is not one of ${envelopeRoles.join(', ')}`);
  } else if (!isObject(value[role])) {
    errors.push(`the payload of the role is missing under "${role}"`);
  }
  if (!isObject(value.proof) || typeof value.proof.state !== 'string') errors.push('proof.state is missing');
  return { valid: errors.length === 0, errors };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
