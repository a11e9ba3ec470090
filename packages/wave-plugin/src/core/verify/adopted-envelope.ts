import { err, failure, ok, workEnvelopeRole, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../model';

/**
 * The envelope of a person's change, as the runner writes it on their behalf: it claims exactly what the agent owes and
 * says who answers for that. A role whose result is a judgement has no such envelope: its words are the person's own.
 */
export function adoptedEnvelope(
  wave: ResolvedWave,
  agent: ResolvedAgent,
  decision: { by: string; reason: string },
): Result<Record<string, unknown>> {
  if (agent.envelopeRole !== workEnvelopeRole) {
    return err(
      failure(
        'option-invalid',
        `Agent ${agent.unitId} answers as ${agent.envelopeRole}: its result is a judgement, which nobody can make for a person.`,
        {
          place: { wave: wave.identity.project, agentId: agent.unitId },
          next: `Write the judgement as JSON and name the file: nx run ${wave.identity.project}:adopt --agent ${agent.unitId} --envelope FILE --by "…" --reason "…"`,
        },
      ),
    );
  }
  const detail = `Adopted: ${decision.by} answers for it. ${decision.reason}`;
  const contract = agent.exitContract;
  return ok({
    schemaVersion: 2,
    agentId: agent.agentId,
    role: agent.envelopeRole,
    adopted: { by: decision.by, reason: decision.reason },
    proof: {
      state: 'satisfied',
      completion: contract?.completion ?? 'contract',
      durability: contract?.durability ?? 'none',
      proofLevel: contract?.proof ?? 'unit',
      detail,
    },
    implementation: {
      docDelta: { state: contract?.docImpact ?? 'none', paths: [], detail: null },
      components: agent.components.map(({ componentId, targetLevel }) => ({
        componentId,
        level: targetLevel,
        state: 'met',
        detail,
      })),
    },
  });
}
