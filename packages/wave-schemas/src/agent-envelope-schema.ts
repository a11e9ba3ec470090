import { z } from 'zod';
import { resultEnvelopeSchema } from './envelope';
import type { EnvelopeRole } from './vocabulary';

/** What an agent may leave out: the runner fills it, or knows it better. */
const filledByRunner = new Set([
  'waveNumber',
  'attempt',
  'completedAt',
  'exitCode',
  'deliverables',
  'proofArtifacts',
  'gaps',
  'unresolvedBlockers',
  'riskNotes',
]);

interface Branch {
  properties?: { role?: { const?: string } };
  required?: string[];
  [key: string]: unknown;
}

/** JSON Schema of the envelope that an agent of one role has to write: its own branch, with only its own duties required. */
export function agentEnvelopeJsonSchema(role: EnvelopeRole): Record<string, unknown> {
  const whole = z.toJSONSchema(resultEnvelopeSchema, { unrepresentable: 'any' }) as {
    oneOf?: Branch[];
    $schema?: string;
  };
  const branch = (whole.oneOf ?? []).find(({ properties }) => properties?.role?.const === role);
  if (branch === undefined) throw new Error(`agentEnvelopeJsonSchema: no branch for ${role}`);
  return {
    $schema: whole.$schema,
    ...branch,
    required: (branch.required ?? []).filter((name) => !filledByRunner.has(name)),
  };
}
