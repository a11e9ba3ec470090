import { join } from 'node:path';
import { readAgentEnvelope, type EnvelopeDraft, type ResultEnvelope } from '@nx-wave/schemas';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { describeFailure } from '../../core/views/describe-failure';
import { readText } from '../../edges/files/read-file';
import type { Bundle } from '../../edges/store/bundle';
import { rawEnvelopeFile } from './collect-slice';
import { repairEnvelope } from './launch-agent';
import { synthesizeEnvelope } from './legacy-envelope';
import { finishEnvelope, type ExaminedSlice } from './prove-slice';
import type { AttemptContext } from './attempt';
import { parseAnswer } from '../../core/parse-json';
import type { PreparedCheckout } from './prepare-checkout';

/** Reads what the agent said, completes it with what the runner saw, and asks once more when only the form was wrong. */
export async function decideEnvelope(
  context: AttemptContext,
  prepared: PreparedCheckout,
  { bundle, examined }: { bundle: Bundle; examined: ExaminedSlice },
): Promise<Result<ResultEnvelope, Failure[]>> {
  const raw = await readText(join(bundle.folder, rawEnvelopeFile));
  const first = await readFirst(context, prepared, { bundle, raw });
  if (first.ok) return ok(finish(context, first.value, examined));
  // A format slip never costs a run; but nobody is asked again for words about files that are not accepted.
  const wrongIdentity = first.error.some(({ code }) => code === 'envelope-identity');
  if (examined.failures.length > 0 || wrongIdentity) return first;
  const repaired = await repairEnvelope(context, prepared, {
    bundle,
    reasons: first.error.map(describeFailure),
  });
  if (!repaired.ok) return err([...first.error, ...(repaired.error === null ? [] : [repaired.error])]);
  const second = readDraft(context, repaired.value);
  context.journal.record('envelope.repaired', { accepted: second.ok });
  return second.ok ? ok(finish(context, second.value, examined)) : second;
}

/** The agent's own envelope; where it left none and the configuration allows it, the one that its output amounts to. */
async function readFirst(
  context: AttemptContext,
  prepared: PreparedCheckout,
  { bundle, raw }: { bundle: Bundle; raw: string | null },
): Promise<Result<EnvelopeDraft, Failure[]>> {
  const { session, agent, journal } = context;
  const draft = readDraft(context, raw);
  if (draft.ok || !session.wave.settings.legacySignals || !isAbsent(raw)) return draft;
  const synthesized = await synthesizeEnvelope(context, prepared, bundle);
  if (!synthesized.ok) return err([...draft.error, ...synthesized.error]);
  journal.record('envelope.synthesized', { role: synthesized.value.role });
  session.edges.print(`no envelope: that of agent ${agent.unitId} is made from the markers that it printed`);
  return readDraft(context, JSON.stringify(synthesized.value));
}

function isAbsent(raw: string | null): raw is null {
  return raw === null || raw.trim() === '';
}

function finish(context: AttemptContext, draft: EnvelopeDraft, examined: ExaminedSlice): ResultEnvelope {
  const { session, agent, attempt } = context;
  const completedAt = session.edges.now().toISOString();
  return finishEnvelope(draft, {
    session,
    agent,
    attempt,
    completedAt,
    exitCode: 0,
    hashes: examined.hashes,
  });
}

function readDraft(context: AttemptContext, text: string | null): Result<EnvelopeDraft, Failure[]> {
  const { session, agent } = context;
  const { project, waveNumber } = session.wave.identity;
  const place = { wave: project, agentId: agent.unitId };
  if (isAbsent(text)) {
    return err([
      failure('envelope-missing', `Agent ${agent.unitId} left no result envelope.`, {
        place,
        next: 'The agent must write its result as JSON to the path in WAVE_RESULT_ENVELOPE.',
      }),
    ]);
  }
  const value = parseAnswer(text);
  if (value === undefined) {
    return err([
      failure('envelope-malformed', `The result envelope of agent ${agent.unitId} is not JSON.`, {
        place,
        next: 'The agent must write one JSON object to the path in WAVE_RESULT_ENVELOPE.',
      }),
    ]);
  }
  const read = readAgentEnvelope(value, {
    agentId: agent.agentId,
    waveNumber,
    attempt: context.attempt,
    envelopeRole: agent.envelopeRole,
  });
  return read.ok
    ? ok(read.value)
    : err(read.failures.map((one) => ({ ...one, place: { ...place, ...one.place } })));
}
