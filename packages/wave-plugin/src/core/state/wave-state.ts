import type { ClosureAgent, Fact, GateReason, RoleId, Stage, Task, Verdict } from '@nx-wave/schemas';
import type { BundleFacts, OpenQuestion, ProveFacts } from './wave-evidence';
import type { OpenRecord } from './open-records';

/**
 * Where one unit stands, by its present work key.
 *
 * `proven`: its proof is there. `failed`: its last attempt was refused. `asking`: it waits for a person's answer.
 * `running`: somebody works on it right now. `interrupted`: an attempt began and never came to a judgement. `outdated`: it ran, but for other inputs, or it was asked
 * to run again. `waiting`: what it builds on is not there yet. `never-run`: nothing stands in its way.
 */
export type UnitStatus =
  'proven' | 'failed' | 'asking' | 'running' | 'interrupted' | 'outdated' | 'waiting' | 'never-run';

export interface UnitFailure {
  code: string;
  message: string;
}

export interface UnitState {
  unitId: string;
  agentId: string;
  /** Nx target. */
  target: string;
  title: string;
  role: RoleId;
  stage: Stage;
  implementationOwning: boolean;
  dependsOn: string[];
  status: UnitStatus;
  closureState: ClosureAgent['state'];
  /** Null while it is unknown, because the stage before has no verdict yet. */
  workKey: string | null;
  /** The proof of exactly this work key. */
  proof: BundleFacts | null;
  executor: { id: string; sticky: boolean; fallbacks: string[]; tried: string[] };
  /** Attempts that are known, for whatever inputs. */
  attempts: number;
  lastAttempt: number | null;
  /** Id of the ledger entry that last asked it to run again. */
  epoch: string | null;
  /** Work keys of the judgements that this entry asked it to answer to. */
  repairedFor: string[];
  /** Why its last attempt for this work key does not count. */
  failures: UnitFailure[];
}

/** What the wave is at. `clarifying` waits for an answer, `blocked` for a decision; a stage name means it is being worked on. */
export type WavePhase = Stage | 'clarifying' | 'blocked' | 'proving' | 'ready' | 'closed' | 'landed';

/** The state of a wave, reduced from what is stored. Plain JSON; equal stores give equal bytes. */
export interface WaveState {
  schemaVersion: 1;
  wave: string;
  waveNumber: number;
  lane: string;
  phase: WavePhase;
  state: 'running' | 'blocked' | 'completed';
  landed: boolean;
  /** Every agent is proven, every stage passed, the merged tree is proved. */
  closureReady: boolean;
  /** How many agents may run on an executor, where that is limited. */
  runtimeMixTargets: Record<string, number>;
  /** In wave order. */
  units: UnitState[];
  tasks: Task[];
  /** In stage order, up to and including the first that did not pass. */
  verdicts: Verdict[];
  prove: ProveFacts | null;
  reasons: GateReason[];
  advisories: GateReason[];
  questions: OpenQuestion[];
  openRecords: OpenRecord[];
  facts: (Fact & { by: string })[];
}
