import type { Artifact, ComponentState, Fact, FileChange, Handoff, ResultEnvelope, WaveRecord } from '@nx-wave/schemas';
import { digestOf } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../model';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Fills the ids that an agent left out, from the content, so that equal records have equal ids. */
export function identifiedRecords(agentId: string, records: WaveRecord[]): (WaveRecord & { id: string })[] {
  return records
    .map((record) => ({ ...record, id: record.id ?? `${agentId}:${record.kind}:${digestOf(record).slice(0, 12)}` }))
    .sort((a, b) => byText(a.id, b.id));
}

/** Drops every `detail` of a payload: free text is for people, and must not make an equal result unequal. */
function withoutDetails(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDetails);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== 'detail' && member !== undefined)
      .map(([key, member]) => [key, withoutDetails(member)]),
  );
}

function judgementOf(envelope: ResultEnvelope): Handoff['judgement'] {
  const sections = {
    proof: envelope.proof,
    implementation: envelope.implementation,
    integration: envelope.integration,
    documentation: envelope.documentation,
    'cont-qa': envelope['cont-qa'],
    'cont-eval': envelope['cont-eval'],
    security: envelope.security,
    deploy: envelope.deploy,
    design: envelope.design,
  };
  return withoutDetails(sections) as Handoff['judgement'];
}

function componentStates(envelope: ResultEnvelope): ComponentState[] {
  return (envelope.implementation?.components ?? [])
    .map(({ componentId, level, state }) => ({ componentId, level, state }))
    .sort((a, b) => byText(a.componentId, b.componentId));
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
}): Handoff {
  const { agent, envelope } = input;
  const records = identifiedRecords(agent.agentId, envelope.records ?? []);
  const facts: Fact[] = [...(envelope.facts ?? [])].sort((a, b) => byText(a.factId, b.factId));
  const components = componentStates(envelope);
  const judgement = judgementOf(envelope);
  const resultDigest = digestOf({
    changes: [...input.changes].sort((a, b) => byText(a.path, b.path)),
    artifacts: [...input.artifacts].sort((a, b) => byText(a.path, b.path)),
    records,
    facts,
    components,
    judgement,
  });
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
    records,
    facts,
    components,
    judgement,
  };
}
