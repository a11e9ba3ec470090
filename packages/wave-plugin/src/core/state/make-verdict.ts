import { verdictDigest } from '../digest/verdict-digest';
import type { GateReason, Handoff, JudgedAgent, Verdict } from '@nx-wave/schemas';
import { stages } from '@nx-wave/schemas/plain';
import type { StageEvidence } from './stage-evidence';

/** What the gates of one stage said. */
export interface GateFindings {
  reasons: readonly GateReason[];
  advisories: readonly GateReason[];
}

/** The verdict of a stage: chained to the one before it, with every agent judged so far. */
export function makeVerdict(evidence: StageEvidence, findings: GateFindings): Verdict {
  const { wave, stage, upstream, handoffs } = evidence;
  return {
    schemaVersion: 1,
    wave: wave.identity.project,
    stage,
    ok: findings.reasons.length === 0,
    upstream: upstream === null ? null : verdictDigest(upstream),
    agents: judgedAgents(upstream, handoffs),
    reasons: [...findings.reasons],
    advisories: [...findings.advisories],
  };
}

/** Everyone who is judged up to a stage: those of the verdict before it, and those who hand off now. */
export function judgedAgents(upstream: Verdict | null, handoffs: readonly Handoff[]): JudgedAgent[] {
  return [...(upstream?.agents ?? []), ...handoffs.map(judgedAgent)].sort(byAgentThenStage);
}

/** What a verdict keeps of a handoff. The work key stays out: an equal result under another key is an equal verdict. */
export function judgedAgent(handoff: Handoff): JudgedAgent {
  const { schemaVersion: _version, wave: _wave, workKey: _key, ...judged } = handoff;
  return judged;
}

function byAgentThenStage(a: JudgedAgent, b: JudgedAgent): number {
  if (a.agentId !== b.agentId) return a.agentId < b.agentId ? -1 : 1;
  return stages.indexOf(a.stage) - stages.indexOf(b.stage);
}
