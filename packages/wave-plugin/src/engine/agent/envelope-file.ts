import { agentEnvelopeSchema } from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import type { ResolvedAgent } from '../../core/model';
import { placeInside } from '../../edges/files/place-inside';
import { readRegular } from '../../edges/files/read-file';
import type { Redactor } from '../../edges/processes/redact';
import { parseAnswer, parseJson } from '../../core/parse-json';

/** Below the checkout; the agent finds it in WAVE_RESULT_ENVELOPE. */
export const envelopePlace = '.nx-wave/envelope.json';
/** In the scratch folder; the agent finds it in WAVE_SCHEMA_FILE. */
export const envelopeSchemaName = 'result-envelope.schema.json';
/** More than any envelope needs, and little enough to hold. */
const largestEnvelope = 16 * 1024 * 1024;

/** The JSON Schema of what an agent may write, as text. */
export function envelopeSchemaText({ envelopeRole }: Pick<ResolvedAgent, 'envelopeRole'>): string {
  const schema = z.toJSONSchema(agentEnvelopeSchema(envelopeRole), { io: 'input', unrepresentable: 'any' });
  return `${canonicalJson(schema)}\n`;
}

/**
 * What the agent left as its envelope, secrets removed; null where there is none. The agent may have put anything in its
 * place: only a regular file is an envelope.
 */
export async function readEnvelopeFile(workspaceDir: string, redactor: Redactor): Promise<string | null> {
  const place = await placeInside(workspaceDir, envelopePlace);
  const text = place === null ? null : await readRegular(place, largestEnvelope);
  return text === null ? null : redactJson(text, redactor);
}

/** String by string where it is JSON: a rule that takes away the rest of a line must not take the closing brackets. */
function redactJson(text: string, redactor: Redactor): string {
  const value = parseAnswer(text);
  const clean = value === undefined ? text : JSON.stringify(redactor.redactValue(value));
  const whole = redactor.redact(clean);
  return value !== undefined && parseJson(whole) === undefined ? clean : whole;
}
