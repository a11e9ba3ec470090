import type { GateReason, Handoff, LedgerEntry, Stage, Verdict } from '@nx-wave/schemas';
import { stages } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../core/model';
import { makeVerdict } from '../core/state/make-verdict';
import type { BenchmarkCatalog, MatrixFacts } from '../core/state/stage-evidence';
import { judgeGates } from './registry';

/** Stored state from which every stage of a wave can be judged again. */
export interface StagesEvidence {
  wave: ResolvedWave;
  /** Handoffs of all stages, in any order. */
  handoffs: readonly Handoff[];
  ledger: readonly LedgerEntry[];
  matrix: MatrixFacts | null;
  reports?: Readonly<Record<string, boolean>>;
  benchmarkCatalog: BenchmarkCatalog | null;
  /** The work key that a unit has on top of this verdict, or undefined where its inputs are not there. */
  workKeyOf(unit: ResolvedAgent, upstream: Verdict | null): string | undefined;
  /** What is stored about merging the slices up to a stage; null means that it has not been tried on this result. */
  mergeFindings(stage: Stage, handoffs: readonly Handoff[]): readonly GateReason[] | null;
}

/** Verdicts in stage order, up to and including the first that does not pass, and the work keys found on the way. */
export interface JudgedStages {
  verdicts: Verdict[];
  workKeys: Record<string, string>;
}

/**
 * Judges a whole wave from stored state, with the same gates that the gate tasks run: what `status`, `retry` and
 * `verify --replay` do. Beyond the first stage that does not pass nothing can be judged: its agents have no inputs.
 */
export function judgeStages(evidence: StagesEvidence): JudgedStages {
  const { wave, ledger, matrix, reports, benchmarkCatalog } = evidence;
  const verdicts: Verdict[] = [];
  const workKeys: Record<string, string> = {};
  for (const stage of stages) {
    const units = wave.agents.filter((unit) => unit.stage === stage);
    if (units.length === 0) continue;
    const upstream = verdicts.at(-1) ?? null;
    const expectedWorkKeys: Record<string, string> = {};
    for (const unit of units) {
      const workKey = evidence.workKeyOf(unit, upstream);
      if (workKey !== undefined) expectedWorkKeys[unit.unitId] = workKey;
    }
    Object.assign(workKeys, expectedWorkKeys);
    const handoffs = evidence.handoffs.filter((handoff) => handoff.stage === stage);
    const complete = units.every(({ unitId }) => handoffs.some(({ agentId }) => agentId === unitId));
    const mergeFindings = complete ? (evidence.mergeFindings(stage, handoffs) ?? [mergeUntried(stage)]) : [];
    const judged = {
      wave,
      stage,
      handoffs,
      upstream,
      ledger,
      matrix,
      mergeFindings,
      expectedWorkKeys,
      benchmarkCatalog,
      ...(reports === undefined ? {} : { reports }),
    };
    const verdict = makeVerdict(judged, judgeGates(judged));
    verdicts.push(verdict);
    if (!verdict.ok) break;
  }
  return { verdicts, workKeys };
}

function mergeUntried(stage: Stage): GateReason {
  return {
    gate: 'merge',
    code: 'merge-unproven',
    detail: `The slices of the ${stage} stage have not been proved together yet.`,
    agentIds: [],
    paths: [],
    command: null,
    repair: 'wait',
  };
}
