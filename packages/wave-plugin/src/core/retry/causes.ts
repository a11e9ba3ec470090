import type { GateReason, Stage } from '@nx-wave/schemas';
import { stages } from '@nx-wave/schemas/plain';
import type { UnitState, WaveState } from '../state/wave-state';
import type { RetryRequest } from './retry-request';

/** What keeps a wave from closing, as far as it decides who runs again. */
export interface Causes {
  /** Unit ids that run again for a reason of their own. */
  rerun: Set<string>;
  /** Request ids, and `review:<unit>` where a person must judge what a steward said. */
  humanInputs: string[];
  /** The gate reasons that the above was taken from. */
  judged: GateReason[];
}

/**
 * Slices that are not proven run again; a gate's reason sends back those whom it blames; what nobody is blamed for, and
 * what only people may decide, goes to people. An agent that never ran needs no reason: it is not asked *again*. One that
 * runs right now is left alone: asked anew, what it is paid for would count for nothing.
 */
export function findCauses(state: WaveState, request: RetryRequest): Causes {
  const causes: Causes = { rerun: new Set(), humanInputs: [], judged: openReasons(state) };
  if (state.landed) return causes;
  for (const unit of state.units) {
    if (hasRun(unit) && unit.status !== 'proven' && unit.status !== 'waiting') causes.rerun.add(unit.unitId);
    if (isRequested(unit, request)) causes.rerun.add(unit.unitId);
  }
  causes.humanInputs.push(...state.questions.map(({ requestId }) => requestId));
  for (const reason of causes.judged) applyReason(state, reason, causes);
  for (const unit of state.units)
    if (unit.status === 'running' && !isRequested(unit, request)) causes.rerun.delete(unit.unitId);
  return causes;
}

function isRequested(unit: UnitState, { agents }: RetryRequest): boolean {
  return agents?.some((id) => id === unit.unitId || id === unit.agentId) === true;
}

/** The reasons that still stand: of the first stage that did not pass, else of proving the merged tree. */
export function openReasons(state: WaveState): GateReason[] {
  const open = state.verdicts.find(({ ok }) => !ok);
  return open ? open.reasons : [...(state.prove?.reasons ?? [])];
}

function applyReason(state: WaveState, reason: GateReason, causes: Causes): void {
  switch (reason.repair ?? (reason.agentIds.length > 0 ? 'rerun' : 'human')) {
    case 'wait':
      return;
    case 'rerun':
      for (const unit of blamed(state, reason.agentIds)) if (hasRun(unit)) causes.rerun.add(unit.unitId);
      return;
    case 'owners': {
      const stewards = blamed(state, reason.agentIds);
      const owners = blamed(state, reason.owners ?? []).filter(
        (owner) =>
          stewards.every((steward) => isBefore(owner.stage, steward.stage)) && !hasAnswered(owner, stewards),
      );
      for (const owner of owners) causes.rerun.add(owner.unitId);
      if (owners.length > 0) return;
      causes.humanInputs.push(reviewOf(reason));
      return;
    }
    case 'human':
      if (!asksSomebody(state, reason)) causes.humanInputs.push(reviewOf(reason));
  }
}

/**
 * True when the owner has run again for this very judgement, and its result left the steward's inputs as they were: asking
 * it once more would pay for the same answer.
 */
function hasAnswered(owner: UnitState, stewards: readonly UnitState[]): boolean {
  return (
    owner.proof !== null &&
    stewards.length > 0 &&
    stewards.every(({ proof }) => proof !== null && owner.repairedFor.includes(proof.workKey))
  );
}

/** A reason that only repeats an open question is answered by that question. */
function asksSomebody(state: WaveState, reason: GateReason): boolean {
  return state.questions.some(({ agentId }) => reason.agentIds.includes(agentId));
}

/** A person looks at what a steward said: asking the steward again for another word would be shopping for a verdict. */
function reviewOf(reason: GateReason): string {
  return `review:${reason.agentIds[0] ?? reason.gate}`;
}

/** Units by unit id, or by agent id: of a hybrid then the pass that owns the implementation. */
function blamed(state: WaveState, ids: readonly string[]): UnitState[] {
  return ids.flatMap(
    (id) =>
      state.units.find(({ unitId }) => unitId === id) ??
      state.units.findLast(({ agentId }) => agentId === id) ??
      [],
  );
}

function hasRun(unit: UnitState): boolean {
  return unit.attempts > 0 || unit.proof !== null || unit.epoch !== null;
}

function isBefore(a: Stage, b: Stage): boolean {
  return stages.indexOf(a) < stages.indexOf(b);
}
