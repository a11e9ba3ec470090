import type { Handoff, ResultEnvelope, Stage, Verdict } from '@nx-wave/schemas';
import { sha256 } from '@nx-wave/schemas/plain';
import { makeHandoff } from '../core/digest/result-digest';
import type { ResolvedAgent, ResolvedWave } from '../core/model';
import type { StageEvidence } from '../core/state/stage-evidence';
import { buildEnvelope } from './envelopes';
import { buildWave } from './resolved';

export const someWorkKey = sha256('work');

/** The handoff of a unit that did well, unless `envelope` says otherwise. */
export function buildHandoff(
  agent: ResolvedAgent,
  envelope: Partial<ResultEnvelope> = {},
  wave = buildWave([agent]),
): Handoff {
  return makeHandoff({
    agent,
    wave,
    workKey: someWorkKey,
    envelope: buildEnvelope(agent.envelopeRole, { agentId: agent.agentId, ...envelope }),
    changes: [],
    artifacts: [],
  });
}

/** Claims the unit's own components, met at their targets, as its envelope would. */
export function claims(agent: ResolvedAgent): Partial<ResultEnvelope> {
  return {
    implementation: {
      docDelta: { state: 'none', paths: [], detail: null },
      components: agent.components.map(({ componentId, targetLevel }) => ({
        componentId,
        level: targetLevel,
        state: 'met' as const,
        detail: null,
      })),
    },
  };
}

/** Evidence of a stage in which every unit handed off well. */
export function buildEvidence(
  wave: ResolvedWave,
  stage: Stage,
  overrides: Partial<StageEvidence> = {},
): StageEvidence {
  const own = wave.agents.filter((agent) => agent.stage === stage);
  return {
    wave,
    stage,
    openDependencies: [],
    handoffs: own.map((agent) =>
      buildHandoff(agent, agent.envelopeRole === 'implementation' ? claims(agent) : {}, wave),
    ),
    upstream: null,
    ledger: [],
    matrix: null,
    mergeFindings: [],
    expectedWorkKeys: {},
    benchmarkCatalog: null,
    ...overrides,
  };
}

/** A verdict that passed, over the given handoffs. */
export function buildVerdict(
  stage: Stage,
  handoffs: readonly Handoff[],
  overrides: Partial<Verdict> = {},
): Verdict {
  return {
    schemaVersion: 1,
    wave: 'wave-3',
    stage,
    ok: true,
    upstream: null,
    agents: handoffs.map(({ schemaVersion: _v, wave: _w, workKey: _k, ...judged }) => judged),
    reasons: [],
    advisories: [],
    ...overrides,
  };
}
