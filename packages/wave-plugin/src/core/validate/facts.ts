import { type AgentSpec, type WaveConfig, type WaveDefinition } from '@nx-wave/schemas';
import { type Failure, type FilledScope } from '@nx-wave/schemas/plain';
import { type Catalog } from '../parse/benchmark-catalog';
import { type ComponentMatrix } from '../parse/component-matrix';
import {
  type ExecutorVocabulary,
  type ResolvedAgent,
  type ResolvedWave,
  type RoleNames,
  type RoleRule,
} from '../model';
import { type Context7Index } from '../resolve/context7';
import { type WaveLocator } from '../resolve/locate';
import { type WaveGround } from './ground';
import { type HeldOutGrounds } from './held-out-ground';

/** What validation starts from. */
export interface ValidationInput {
  definition: WaveDefinition;
  wave: ResolvedWave;
  config: WaveConfig;
  /** Text of a workspace-relative file, or null where it is not there. */
  read(path: string): string | null;
  /** Text of the wave file: with it failures point at the words they blame. */
  text?: string;
  /** True for a wave that has landed: its components may stand above its targets. */
  landed?: boolean;
  /** What git says of the paths of the wave; absent outside of a repository and for a wave that has landed. */
  ground?: WaveGround;
  /** What a merged tree would hold of held-out paths; absent where `ground` is. */
  heldOut?: HeldOutGrounds;
  /** Programs of proof commands that cannot be started here, and why; absent where `ground` is. */
  missing?: ReadonlyMap<string, string>;
}

/** What a validation rule may look at; made once per wave. */
export interface ValidationFacts extends ValidationInput {
  scope: FilledScope;
  names: RoleNames;
  roles: readonly RoleRule[];
  executors: readonly ExecutorVocabulary[];
  locator: WaveLocator;
  matrix: ComponentMatrix | null;
  catalog: Catalog | null;
  context7: Context7Index | null;
  /** The agent that runs last under an id: the implementing pass of a hybrid. */
  resolved(agent: AgentSpec): ResolvedAgent;
  /** True from the wave on that the threshold names; null switches a rule off. */
  applies(threshold: number | null): boolean;
}

export type ValidationRule = (facts: ValidationFacts) => Failure[];
