import type { GateReason, Verdict } from '@nx-wave/schemas';
import { err, failure, ok, stages, type Result } from '@nx-wave/schemas/plain';
import type { UnitState, WaveState } from '../state/wave-state';

/** One supposition about one agent. */
export interface Supposition {
  unitId: string;
  /** `fails`: its slice is not proven. `blocked`: it judges against the wave. `passes`: all is well. `asks`: it needs a person. */
  outcome: 'fails' | 'blocked' | 'passes' | 'asks';
  /** Agents that it names as those who have to change something. */
  owners: string[];
}

const words: Readonly<Record<string, Supposition['outcome']>> = {
  fails: 'fails',
  failed: 'fails',
  blocks: 'blocked',
  blocked: 'blocked',
  passes: 'passes',
  passed: 'passes',
  asks: 'asks',
};

/**
 * Reads `A2 fails, A8 blocked by A1 A3, A0 passes`. Everything that cannot be read is one failure: a plan for half of what
 * was supposed would mislead.
 */
export function parseSuppositions(text: string, state: WaveState): Result<Supposition[]> {
  const parts = text.split(',').map((part) => part.trim().split(/\s+/));
  const suppositions: Supposition[] = [];
  for (const [name = '', verb = '', by, ...owners] of parts) {
    const unit = unitNamed(state, name);
    const outcome = Object.hasOwn(words, verb) ? words[verb] : undefined;
    const named = owners.flatMap((owner) => unitNamed(state, owner)?.unitId ?? []);
    if (
      !unit ||
      !outcome ||
      (by !== undefined && (by !== 'by' || owners.length === 0)) ||
      named.length < owners.length
    ) {
      return err(
        failure(
          'option-invalid',
          `--what-if does not understand "${[name, verb, by, ...owners].filter(Boolean).join(' ')}".`,
          {
            place: { wave: state.wave },
            next: `Write it like 'A2 fails, A8 blocked by A1'. The agents are ${state.units.map(({ unitId }) => unitId).join(', ')}.`,
          },
        ),
      );
    }
    suppositions.push({ unitId: unit.unitId, outcome, owners: named.sort() });
  }
  return ok(suppositions);
}

/**
 * The state that the wave would be in. Stages before the last supposition are taken to have passed, since its agents could
 * not have run otherwise; what comes after a stage that does not pass has no verdict and no present proof.
 */
export function supposeState(state: WaveState, suppositions: readonly Supposition[]): WaveState {
  const supposed = new Map(suppositions.map((one) => [one.unitId, one]));
  const lastStage = Math.max(
    ...state.units.filter(({ unitId }) => supposed.has(unitId)).map(({ stage }) => stages.indexOf(stage)),
  );
  const units = state.units.map((unit) =>
    supposeUnit(unit, { wave: state.wave, supposition: supposed.get(unit.unitId), lastStage }),
  );
  const verdicts: Verdict[] = [];
  for (const stage of stages) {
    const own = units.filter((unit) => unit.stage === stage);
    if (own.length === 0) continue;
    const before = state.verdicts.find((verdict) => verdict.stage === stage);
    const kept = stages.indexOf(stage) <= lastStage ? [] : before?.reasons;
    if (kept === undefined) break;
    const all = [...own.flatMap((unit) => reasonsOf(unit, supposed.get(unit.unitId))), ...kept];
    verdicts.push({
      schemaVersion: 1,
      wave: state.wave,
      stage,
      ok: all.length === 0,
      upstream: null,
      agents: before?.agents ?? [],
      reasons: all,
      advisories: [],
    });
    if (all.length > 0) break;
  }
  const last = verdicts.at(-1);
  const open = last && !last.ok ? stages.indexOf(last.stage) : stages.length;
  return {
    ...state,
    closureReady: state.closureReady && open === stages.length,
    units: units.map((unit) => (stages.indexOf(unit.stage) > open ? withoutProof(unit, 'waiting') : unit)),
    verdicts,
    reasons: last && !last.ok ? last.reasons : [...(state.prove?.reasons ?? [])],
    questions: [
      ...state.questions.filter(({ agentId }) => !supposed.has(agentId)),
      ...suppositions
        .filter(({ outcome }) => outcome === 'asks')
        .map(({ unitId }) => ({
          requestId: `${unitId}-question`,
          agentId: unitId,
          summary: 'a supposed question',
        })),
    ],
  };
}

function supposeUnit(
  unit: UnitState,
  { wave, supposition, lastStage }: { wave: string; supposition: Supposition | undefined; lastStage: number },
): UnitState {
  const outcome = supposition?.outcome ?? (stages.indexOf(unit.stage) < lastStage ? 'passes' : undefined);
  switch (outcome) {
    case undefined:
      return unit;
    case 'fails':
      return {
        ...withoutProof(unit, 'failed'),
        attempts: Math.max(1, unit.attempts),
        failures: [{ code: 'supposed-failure', message: `${unit.unitId} fails, as supposed.` }],
      };
    case 'asks':
      return { ...withoutProof(unit, 'asking'), attempts: Math.max(1, unit.attempts) };
    case 'passes':
    case 'blocked': {
      const digest = '0'.repeat(64);
      const bundle = `${wave}/${unit.unitId}/attempt-${Math.max(1, unit.lastAttempt ?? 1)}`;
      return {
        ...unit,
        status: 'proven',
        closureState: 'owned_slice_proven',
        attempts: Math.max(1, unit.attempts),
        failures: [],
        proof: unit.proof ?? {
          unitId: unit.unitId,
          workKey: unit.workKey ?? digest,
          resultDigest: digest,
          proofDigest: digest,
          proofBundleId: bundle,
        },
      };
    }
  }
}

function withoutProof(unit: UnitState, status: UnitState['status']): UnitState {
  return { ...unit, status, closureState: status === 'failed' ? 'failed' : 'open', proof: null };
}

function reasonsOf(unit: UnitState, supposition: Supposition | undefined): GateReason[] {
  if (unit.status !== 'proven') {
    return [
      reason(unit, {
        gate: 'handoffs',
        code: 'handoff-missing',
        detail: `${unit.unitId} has not proven its slice.`,
        repair: 'rerun',
      }),
    ];
  }
  if (supposition?.outcome !== 'blocked') return [];
  const detail = `${unit.unitId} is blocked, as supposed.`;
  const { owners } = supposition;
  const more = owners.length > 0 ? { owners } : {};
  return [reason(unit, { gate: unit.stage, code: 'supposed-block', detail, repair: 'owners', ...more })];
}

function reason(
  { unitId }: UnitState,
  said: Pick<GateReason, 'gate' | 'code' | 'detail' | 'repair'> & { owners?: string[] },
): GateReason {
  return { ...said, agentIds: [unitId], paths: [], command: null };
}

function unitNamed(state: WaveState, name: string): UnitState | undefined {
  const lower = name.toLowerCase();
  return (
    state.units.find(({ unitId }) => unitId.toLowerCase() === lower) ??
    state.units.findLast(({ agentId }) => agentId.toLowerCase() === lower)
  );
}
