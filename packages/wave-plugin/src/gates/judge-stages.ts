import type { GateReason, Stage, Verdict } from '@nx-wave/schemas';
import { stages } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../core/model';
import { makeVerdict } from '../core/state/make-verdict';
import type { StageEvidence } from '../core/state/stage-evidence';
import { judgeGates } from './registry';

/** One stage whose turn it is: its units, and the verdict that they build on. */
export interface StageTurn {
  stage: Stage;
  units: readonly ResolvedAgent[];
  upstream: Verdict | null;
}

/** What is stored about a stage: all that its gates look at besides the wave and the verdict before it. */
export type StageFacts = Omit<StageEvidence, 'wave' | 'stage' | 'upstream'>;

/** The verdict of one stage, whoever asks for it: a gate task, `status`, `retry`, `launch` or `verify --replay`. */
export function judgeStage(evidence: StageEvidence): Verdict {
  return makeVerdict(evidence, judgeGates(evidence));
}

/**
 * Judges a whole wave, stage by stage, each on the verdict before it. Whoever drives it is asked for the facts of one
 * stage after the other and gives them back; nothing is read here. Ends with the verdicts in stage order, up to and
 * including the first that does not pass: beyond it nothing can be judged, because its agents have no inputs.
 */
export function* judgeStages(wave: ResolvedWave): Generator<StageTurn, Verdict[], StageFacts> {
  const verdicts: Verdict[] = [];
  for (const stage of stages) {
    const units = wave.agents.filter((unit) => unit.stage === stage);
    if (units.length === 0) continue;
    const upstream = verdicts.at(-1) ?? null;
    const facts = yield { stage, units, upstream };
    const verdict = judgeStage({ ...facts, wave, stage, upstream });
    verdicts.push(verdict);
    if (!verdict.ok) break;
  }
  return verdicts;
}

/** What is said of slices that nobody has proved together yet: a task will, and no agent can. */
export function mergeUntried(stage: Stage): GateReason {
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
