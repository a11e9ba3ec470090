import type * as z from 'zod';
import { resultEnvelopeSchema, type ResultEnvelope } from './envelope';
import { failure, type Failure } from './failure';
import { upcastEnvelope } from './upcast/envelope';
import { type EnvelopeRole } from './vocabulary';

/** Who the runner knows the writer of an envelope to be. */
export interface EnvelopeIdentity {
  agentId: string;
  waveNumber: number;
  attempt: number;
  envelopeRole: EnvelopeRole;
}

/** What the runner says of a finished attempt; its word always counts. */
export interface RunnerValues {
  waveNumber: number;
  attempt: number;
  /** ISO 8601 in UTC. */
  completedAt: string;
  exitCode: number;
  deliverables: ResultEnvelope['deliverables'];
  proofArtifacts: ResultEnvelope['proofArtifacts'];
}

/** An envelope as its agent gave it, without the fields that belong to the runner. */
export type EnvelopeDraft = Omit<ResultEnvelope, keyof RunnerValues> & Record<string, unknown>;

export type EnvelopeReading = { ok: true; value: EnvelopeDraft } | { ok: false; failures: Failure[] };

/**
 * Reads what an agent left as its envelope. It must give schemaVersion, agentId, role, proof and the payload of its
 * role; other header fields may be absent. Older and looser shapes are lifted first, so that a slip of format costs
 * nothing. A field that names another agent, wave, attempt or role is refused (`envelope-identity`); everything else
 * that cannot be read is `envelope-malformed`, all of it at once.
 */
export function readAgentEnvelope(value: unknown, identity: EnvelopeIdentity): EnvelopeReading {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse([malformed('The envelope is not a JSON object.', [], identity)]);
  const lifted = upcastEnvelope(value) as Record<string, unknown>;
  const strangers = identityFailures(lifted, identity);
  if (strangers.length > 0) return refuse(strangers);
  const parsed = resultEnvelopeSchema.safeParse({ ...lifted, ...placeholders(identity) });
  if (!parsed.success) return refuse(parsed.error.issues.map((issue) => fromIssue(issue, lifted, identity)));
  const {
    waveNumber: _w,
    attempt: _a,
    completedAt: _c,
    exitCode: _e,
    deliverables: _d,
    proofArtifacts: _p,
    ...draft
  } = parsed.data;
  return { ok: true, value: draft as EnvelopeDraft };
}

/** Joins an agent's draft with what the runner measured. */
export function completeEnvelope(draft: EnvelopeDraft, runner: RunnerValues): ResultEnvelope {
  const { waveNumber, attempt, completedAt, exitCode, deliverables, proofArtifacts } = runner;
  return {
    ...draft,
    waveNumber,
    attempt,
    completedAt,
    exitCode,
    deliverables,
    proofArtifacts,
  } as ResultEnvelope;
}

function placeholders(identity: EnvelopeIdentity): RunnerValues {
  return {
    waveNumber: identity.waveNumber,
    attempt: identity.attempt,
    completedAt: '1970-01-01T00:00:00Z',
    exitCode: 0,
    deliverables: [],
    proofArtifacts: [],
  };
}

function identityFailures(envelope: Record<string, unknown>, identity: EnvelopeIdentity): Failure[] {
  const expected = {
    agentId: identity.agentId,
    waveNumber: identity.waveNumber,
    attempt: identity.attempt,
    role: identity.envelopeRole,
  };
  return Object.entries(expected).flatMap(([key, right]) => {
    const given = envelope[key];
    if (given === undefined || given === null || String(given) === String(right)) return [];
    return [
      failure(
        'envelope-identity',
        `The envelope says ${key} ${show(given)}, but this is ${key} ${show(right)}.`,
        {
          place: { agentId: identity.agentId },
          next: `Write \`"${key}": ${JSON.stringify(right)}\` in the envelope, or leave it out.`,
          facts: { field: key, expected: right },
        },
      ),
    ];
  });
}

function fromIssue(
  issue: z.core.$ZodIssue,
  envelope: Record<string, unknown>,
  identity: EnvelopeIdentity,
): Failure {
  const path = issue.path.map(String);
  const where = path.join('.');
  if (path.length === 1 && path[0] === identity.envelopeRole && !(identity.envelopeRole in envelope))
    return malformed(
      `The payload \`${where}\` is missing: the role ${identity.envelopeRole} must answer with it.`,
      path,
      identity,
    );
  if (issue.code === 'invalid_type' && issue.expected === 'never')
    return malformed(`The payload \`${where}\` belongs to another role.`, path, identity);
  return malformed(`\`${where || 'the envelope'}\`: ${issue.message}.`, path, identity);
}

function malformed(message: string, path: readonly string[], identity: EnvelopeIdentity): Failure {
  return failure('envelope-malformed', message, {
    place: { agentId: identity.agentId },
    next: 'Correct the field in the result envelope; the schema is in the file that WAVE_SCHEMA_FILE names.',
    facts: { field: path.join('.') },
  });
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function refuse(failures: Failure[]): EnvelopeReading {
  return { ok: false, failures };
}
