import type { ResolvedWave } from '../core/model';
import { waiverOf } from '../core/state/ledger';
import type { GateReason, Stage } from '@nx-wave/schemas';
import { clarificationGate } from './clarification.gate';
import { componentGate } from './component.gate';
import { componentMatrixGate } from './component-matrix.gate';
import { blockersGate } from './blockers.gate';
import { contEvalGate } from './cont-eval.gate';
import { contQaGate } from './cont-qa.gate';
import { contradictionsGate } from './contradictions.gate';
import { dependenciesGate } from './dependencies.gate';
import { deployGate } from './deploy.gate';
import { designGate } from './design.gate';
import { documentationGate } from './documentation.gate';
import type { Gate, GateFinding, StageEvidence } from './gate';
import { handoffsGate } from './handoffs.gate';
import { helperAssignmentsGate } from './helper-assignments.gate';
import { implementationGate } from './implementation.gate';
import { infraGate } from './infra.gate';
import { integrationGate } from './integration.gate';
import { mergeGate } from './merge.gate';
import { securityGate } from './security.gate';

/** In the order in which they speak: the first reason is the one that people are told first. */
const registered = [
  dependenciesGate,
  handoffsGate,
  designGate,
  implementationGate,
  deployGate,
  infraGate,
  mergeGate,
  componentGate,
  helperAssignmentsGate,
  clarificationGate,
  blockersGate,
  contEvalGate,
  securityGate,
  integrationGate,
  contradictionsGate,
  documentationGate,
  componentMatrixGate,
  contQaGate,
] as const;

export const gates: readonly Gate[] = registered;

/** Every code that a gate can give, as the gates declare them. */
export type GateCode = ReturnType<(typeof registered)[number]['judge']>[number]['code'];

/** What every gate says of one stage: reasons stop it, advisories are printed and stand in the closure record. */
export function judgeGates(
  evidence: StageEvidence,
  all: readonly Gate[] = gates,
): { reasons: GateReason[]; advisories: GateReason[] } {
  const reasons: GateReason[] = [];
  const advisories: GateReason[] = [];
  for (const gate of all) {
    if (!gate.stages.includes(evidence.stage)) continue;
    for (const finding of gate.judge(evidence)) {
      const waiver = gate.mayBeAdvisory ? waiverOf(evidence.ledger, finding) : null;
      const advisory = finding.advisory === true || (gate.mayBeAdvisory && isAdvisory(evidence.wave, gate));
      const reason = toReason(gate, finding, waiver);
      (advisory || waiver !== null ? advisories : reasons).push(reason);
    }
  }
  return { reasons, advisories };
}

/** The reports that the gates want to know about when they judge this stage, sorted, each once. */
export function reportPathsOf(wave: ResolvedWave, stage: Stage, all: readonly Gate[] = gates): string[] {
  const paths = wave.agents
    .filter((agent) => agent.stage === stage)
    .flatMap((agent) => all.map((gate) => gate.reportPath?.(agent) ?? null));
  return [...new Set(paths.filter((path) => path !== null))].sort();
}

function isAdvisory(wave: ResolvedWave, gate: Gate): boolean {
  return wave.settings.advisoryGates.some((name) => name === gate.id || name === gate.formerName);
}

function toReason(gate: Gate, finding: GateFinding, waiver: string | null): GateReason {
  return {
    gate: gate.id,
    code: finding.code,
    detail: waiver === null ? finding.detail : `${finding.detail} Waived by ${waiver}`,
    agentIds: finding.agentIds,
    paths: finding.paths ?? [],
    command: finding.command ?? null,
    repair: finding.repair,
    ...(finding.owners && finding.owners.length > 0 ? { owners: finding.owners } : {}),
  };
}
