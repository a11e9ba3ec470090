import type {
  Artifact,
  Fact,
  FileChange,
  Handoff,
  JudgedStrength,
  ResultEnvelope,
  StrengthMeasured,
} from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { withRecordIds } from '../result/records';
import { componentStatesOf } from '../result/component-states';
import { judgementOf } from '../result/judgement';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** sha256 over what a slice changes and what its agent says: it binds the one to the other wherever both travel. */
export function resultDigestOf(
  slice: { changes: readonly FileChange[]; artifacts: readonly Artifact[] },
  said: Pick<Handoff, 'records' | 'facts' | 'components' | 'judgement'>,
): string {
  return digestOf({
    changes: [...slice.changes].sort((a, b) => byText(a.path, b.path)),
    artifacts: [...slice.artifacts].sort((a, b) => byText(a.path, b.path)),
    records: said.records,
    facts: said.facts,
    components: said.components,
    judgement: said.judgement,
  });
}

/**
 * What a proven agent hands on. Equal results give equal bytes: there is no attempt, clock, usage, machine path, base
 * tree or bundle digest in it (see docs/architecture.md, "Chained verdicts").
 */
export function makeHandoff(input: {
  agent: ResolvedAgent;
  wave: ResolvedWave;
  workKey: string;
  envelope: ResultEnvelope;
  changes: FileChange[];
  artifacts: Artifact[];
  /** As the bundle has it. */
  strength?: StrengthMeasured | null | undefined;
}): Handoff {
  const { agent, envelope } = input;
  const records = withRecordIds(agent.unitId, envelope.records ?? []).sort((a, b) => byText(a.id, b.id));
  const facts: Fact[] = [...(envelope.facts ?? [])].sort((a, b) => byText(a.factId, b.factId));
  const components = componentStatesOf(agent, envelope);
  const judgement = judgementOf(envelope);
  const said = { records, facts, components, judgement };
  const resultDigest = resultDigestOf(input, said);
  return {
    schemaVersion: 1,
    wave: input.wave.identity.project,
    agentId: agent.unitId,
    role: agent.role,
    envelopeRole: agent.envelopeRole,
    stage: agent.stage,
    state: 'owned_slice_proven',
    workKey: input.workKey,
    resultDigest,
    ...said,
    ...(input.strength ? { strength: judgedStrength(input.strength) } : {}),
  };
}

function judgedStrength({ asked, reached, unmeasured }: StrengthMeasured): JudgedStrength {
  return { asked, reached, unmeasured };
}
