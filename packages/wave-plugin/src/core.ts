/** Everything that decides, as pure functions: `@nx-wave/plugin/core`. */
export { verifySlice } from './core/verify/verify-slice';
export type { FileFacts, SliceEvidence } from './core/verify/slice-evidence';
export { judgeClosure } from './core/state/judge-closure';
export type { ClosureEvidence } from './core/state/judge-closure';
export { makeVerdict } from './core/state/make-verdict';
export type { BenchmarkCatalog, MatrixFacts, StageEvidence } from './core/state/stage-evidence';
export { gates, judgeGates, reportPathsOf } from './gates/registry';
export { parseWave, parseWaveFile, resolveWave, validateWave, type WaveContext } from './built-in';
export type { ValidationInput } from './core/validate/facts';
export { parseComponentMatrix, type ComponentMatrix } from './core/parse/component-matrix';
export { parseBenchmarkCatalog, type Catalog } from './core/parse/benchmark-catalog';
export {
  chooseContext7,
  folderProvider,
  parseContext7Index,
  type Context7Library,
  type Context7Provider,
} from './core/resolve/context7';
export type { Registries, ResolveOptions } from './core/resolve/resolve-wave';
export { readConfig, type ConfigReading } from './core/resolve/read-config';
export {
  laneProjects,
  waveFolders,
  waveIdentity,
  type LaneIdentity,
  type WaveFolder,
} from './core/resolve/identity';
export { reduceWave } from './core/state/reduce-wave';
export type {
  AttemptRecord,
  BundleFacts,
  OpenQuestion,
  ProveFacts,
  WaveEvidence,
} from './core/state/wave-evidence';
export type { UnitFailure, UnitState, UnitStatus, WavePhase, WaveState } from './core/state/wave-state';
export { foldEvents, parseEventLog } from './core/state/event-log';
export {
  amendmentsOf,
  epochOf,
  isLanded,
  revokedProofs,
  sortLedger,
  withExecutorChanges,
} from './core/state/ledger';
export { planRetry } from './core/retry/plan-retry';
export { describeFailure, describeFailures } from './core/views/describe-failure';
export { judgeStage, judgeStages, type StageFacts, type StageTurn } from './gates/judge-stages';
export {
  legacyFailures,
  synthesizeLegacyEnvelope,
  synthesizeLegacyEnvelope as buildEnvelopeFromLegacySignals,
  type LegacyInput,
} from './core/legacy/synthesize-envelope';
export { retryEntry, type RetryEntry } from './core/retry/retry-entry';
export { parseSuppositions, supposeState, type Supposition } from './core/retry/what-if';
export { compileInbox, type InboxInput } from './core/prompt/inbox';
export type { InboxSource } from './core/prompt/inbox-source';
export { statusDocument, statusLines, type StatusInput } from './core/views/status';
export { failureSummary, type FailureSummaryInput } from './core/views/failure-summary';
export { nextCommand } from './core/views/next-command';
export { printWave } from './core/parse/print-wave';
export { inferTargets } from './core/infer/targets';
export type { InferOptions, InferredProject, InferredTarget } from './core/infer/inferred-project';
export { inferWorkspace, type WorkspaceFacts } from './core/infer/infer-workspace';
export { wavePaths, type WavePaths } from './core/infer/wave-paths';
export { acceptanceKey, inferenceDigest, workKey, type WorkKeyInput } from './core/digest/keys';
export { makeHandoff } from './core/digest/result-digest';
export { compilePrompt, type PromptInput } from './core/prompt/compile-prompt';
export { classifyLanded, type LandedState } from './core/state/landed-closure';
export { decideRunMode, type RunMode } from './core/state/run-mode';
