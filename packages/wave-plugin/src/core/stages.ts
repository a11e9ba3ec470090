import type { Stage } from '@nx-wave/schemas';

/** What the runner does otherwise in one stage than in the others; the order of stages is the vocabulary's. */
export interface StageRule {
  /** Its agents prepare: they owe no exit contract, component or proof yet, and implement nothing. */
  prepares?: true;
  /** Its agents may implement and promote components. */
  implements?: true;
  /** Its gate proves the merged tree, before anybody who judges it is paid. */
  provesMergedTree?: true;
  /** Contradictions between agents wait for it: its steward may settle them. */
  settlesContradictions?: true;
  /** Its agents judge the wave: what they write down is their word on it, and no work. */
  judges?: true;
  /** Its gate looks at all of the merged tree, because its agents answer for that. */
  looksAtMergedTree?: true;
}

/** The one place that knows stages by name. Who decides by a stage asks for its rule. */
export const stageRules: Readonly<Record<Stage, StageRule>> = {
  design: { prepares: true },
  implementation: { implements: true, provesMergedTree: true },
  'cont-eval': { implements: true, judges: true },
  security: { judges: true },
  integration: { settlesContradictions: true, judges: true, looksAtMergedTree: true },
  documentation: {},
  'cont-qa': { judges: true },
};

/** Where a component is judged that nobody owns, and where an agent stood that the wave no longer has. */
export const mainStage: Stage = 'implementation';
