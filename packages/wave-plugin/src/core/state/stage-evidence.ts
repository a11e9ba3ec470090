import type { GateReason, Handoff, LedgerEntry, Stage, Verdict } from '@nx-wave/schemas';
import type { ResolvedWave } from '../model';

/** What a gate must know of the component cutover matrix of the merged tree. */
export interface MatrixFacts {
  /** Maturity levels, low to high. */
  levels: readonly string[];
  components: Readonly<Record<string, { currentLevel: string }>>;
}

/** What a gate must know of the benchmark catalog: which benchmarks each family has. */
export interface BenchmarkCatalog {
  families: Readonly<Record<string, { benchmarks: Readonly<Record<string, unknown>> }>>;
}

/** Something in a source of the merged tree that leads nowhere. */
export interface BrokenSource {
  path: string;
  /** 1-based. */
  line: number;
  /** As it follows the path: `imports ./join.mjs, which is not there`. */
  what: string;
}

/** What the wave has done by the end of a stage, as the word of a steward is held against it. */
export interface WaveWork {
  /** Paths of changes and artifacts by the unit that left them, each sorted. */
  changed: Readonly<Record<string, readonly string[]>>;
  /** Texts of the paths named by `reportPathsOf`, where they are files that can be read. */
  reportTexts: Readonly<Record<string, string>>;
  /** New with this wave; looked for only where agents answer for the merged tree. */
  broken: readonly BrokenSource[];
}

/**
 * All that a gate may look at. The engine gathers it; nothing in it comes from a log, and none of it is a clock, an
 * attempt or a machine path, so equal evidence is an equal verdict.
 */
export interface StageEvidence {
  wave: ResolvedWave;
  stage: Stage;
  /** Waves that this one builds on and that are neither closed nor landed, and what is said of each. */
  openDependencies: readonly { project: string; detail: string }[];
  /** Handoffs of this stage, in any order. */
  handoffs: readonly Handoff[];
  /** Verdict of the stage before, or null in the first stage that has agents. */
  upstream: Verdict | null;
  ledger: readonly LedgerEntry[];
  /** Null where the merged tree has no readable matrix. */
  matrix: MatrixFacts | null;
  /** Whether each path named by `reportPathsOf` exists after the stage; without it reports are not judged. */
  reports?: Readonly<Record<string, boolean>>;
  /** Without it no word is held against evidence: nothing is measured in this wave, or the stage is not complete. */
  work?: WaveWork;
  /** What merging and proving the slices together found; the engine does the merging. */
  mergeFindings: readonly GateReason[];
  /** Work key that each unit's current spec asks for; a unit that is not listed is not checked. */
  expectedWorkKeys: Readonly<Record<string, string>>;
  benchmarkCatalog: BenchmarkCatalog | null;
}
