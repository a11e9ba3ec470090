import type {
  AgentSpec,
  Budget,
  Context7Choice,
  DeployEnvironment,
  EnvelopeRole,
  EvalTarget,
  ExitContract,
  Isolation,
  HeldOutCommand,
  OptionValue,
  Promotion,
  ProofArtifactSpec,
  RoleId,
  Stage,
} from '@nx-wave/schemas';
import type { Failure, NotifyEvent, StrengthLevel } from '@nx-wave/schemas/plain';

/** Which wave this is, in the words of the workspace. Paths are workspace-relative with `/`. */
export interface WaveIdentity {
  /** The Nx project: `wave-3`, `beta-wave-3`, `shop-wave-3`, `shop-beta-wave-3`. */
  project: string;
  waveNumber: number;
  lane: string;
  /** The key in `projects{}` of the configuration, or null for the root. */
  projectId: string | null;
  /** `.tmp`, or `.tmp/projects/<id>`. */
  stateRoot: string;
  /** `<stateRoot>/<lane>-wave-launcher`. */
  launcherDir: string;
  /** State roots of every lane and project, without `projects/<id>`: whoever owns what, the runner writes there. */
  stateRoots: readonly string[];
  /** The wave file. */
  path: string;
  /** The folder of the ledger: `<folder of the file>/wave-<n>.ledger`. */
  ledgerDir: string;
}

/** Which rule picked the executor. */
export type ExecutorSelection =
  'override' | 'agent-id' | 'agent-profile' | 'lane-role-default' | 'lane-default' | 'retry-fallback';

export interface ResolvedExecutor {
  id: string;
  selectedBy: ExecutorSelection;
  model: string | null;
  retryPolicy: 'sticky' | 'fallback-allowed';
  /** Executor ids in the order they may be tried; empty when sticky. */
  fallbacks: string[];
  tags: string[];
  budget: Budget;
  /** Options of every executor that this agent may run on, by executor id: lane <- profile <- agent. */
  options: Record<string, Record<string, OptionValue>>;
}

/** One library of a Context7 bundle. */
export interface Context7Source {
  name: string;
  queryHint: string | null;
}

/** The library documentation of an agent: what it asked for, and where the documents stand. */
export interface AgentContext7 extends Context7Choice {
  libraries: Context7Source[];
  /** Workspace-relative paths of the documents, all of them context of the agent; a trailing `/` means every file below. */
  documents: string[];
}

/**
 * One agent as the runner will run it. A hybrid design agent gives two of these: `D1-design` (stage design) and
 * `D1` (stage implementation); every other agent gives one whose `unitId` is its agent id.
 */
export interface ResolvedAgent {
  unitId: string;
  agentId: string;
  /** The Nx target: `agent-a1`, `agent-d1-design`. */
  target: string;
  title: string;
  line: number;
  role: RoleId;
  envelopeRole: EnvelopeRole;
  stage: Stage;
  traits: RoleTraits;
  /** Not a closure steward, not a report-only evaluator, not a docs-only designer, not security. */
  implementationOwning: boolean;
  proofCentric: boolean;
  executor: ResolvedExecutor;
  context7: AgentContext7;
  rolePrompts: string[];
  /** Skill folders, workspace-relative, sorted. */
  skills: string[];
  components: Promotion[];
  capabilities: string[];
  exitContract: ExitContract | null;
  deliverables: string[];
  proofArtifacts: ProofArtifactSpec[];
  proofCommands: string[];
  /** What proof commands may change besides ignored files; a trailing `/` names everything below. Absent when nothing is named. */
  mayWrite?: string[];
  /** What the proof has to be worth. */
  proofStrength: ProofStrength;
  /** Unit ids of the same wave inside the same stage. */
  dependsOn: string[];
  prompt: string;
  ownedPaths: string[];
  /**
   * Every file whose content is part of the work key: role prompts, skills, files named in `local.command`, required
   * context, library documents; without paths that an agent of this wave owns. A trailing `/` means every file below. Sorted.
   */
  contextPaths: string[];
}

/** What the proof of one agent has to be worth, after configuration: `### Proof strength` and `proof`. */
export interface ProofStrength {
  level: StrengthLevel;
  /** What the level would be if the agent's block named none. */
  usual: StrengthLevel;
  /** Proof that cannot be measured is refused. */
  required: boolean;
  /** What the slice may change of the base's tests, configuration and scripts; a trailing `/` names everything below. */
  mayChange: string[];
  heldOut: HeldOutCommand[];
  reason: string | null;
  /** The most mutants at `strict`. */
  mutants: number;
}

/** A wave with its configuration applied: everything that keys, prompts, gates and targets are computed from. */
export interface ResolvedWave {
  identity: WaveIdentity;
  title: string | null;
  commitMessage: string | null;
  /** Nx project names of waves whose closure this one builds on. */
  dependsOn: string[];
  promotions: Promotion[];
  evalTargets: EvalTarget[];
  deployEnvironments: DeployEnvironment[];
  /** In stage order, then in file order. */
  agents: ResolvedAgent[];
  /** Maturity levels from low to high, where the component matrix has its own. */
  levels?: readonly string[];
  settings: WaveSettings;
}

/** `store.*`: where the store that machines share is, and how they share it. */
export interface StoreSettings {
  url: string | null;
  /** The same as a folder, perhaps relative to the workspace. */
  path: string | null;
  /** The name that the store is bound to; null is that of the root package. */
  repository: string | null;
  /** Programs of the wave at the same time, on all machines; null is without limit. */
  places: number | null;
  waitMinutes: number;
  /** In seconds. */
  periods: Record<'beat' | 'lost' | 'end' | 'dead' | 'poll' | 'checkpoint', number>;
}

/** Who answers questions, and when one goes elsewhere. Minutes from the question on; null is never, or nobody by name. */
export interface PeopleSettings {
  answers: string | null;
  escalateMinutes: number | null;
  escalateTo: string | null;
  rerouteMinutes: number | null;
  rerouteTo: string | null;
  deadlineMinutes: number | null;
}

/** How people are told. An empty command and no webhook: not at all. */
export interface NotifySettings {
  command: string[];
  webhook: string | null;
  on: NotifyEvent[];
  env: string[];
}

/** Configuration of one wave after precedence root < project < lane. Minutes are minutes; null means unlimited or off. */
export interface WaveSettings {
  docsDir: string;
  sharedPlanDocs: string[];
  matrixPath: string;
  matrixDocPath: string;
  benchmarkCatalogPath: string;
  limits: {
    attemptMinutes: number;
    idleMinutes: number;
    rateLimitWaitMinutes: number;
    repairMinutes: number;
    /** One proof command. */
    proofMinutes: number;
    /** Attempts per work key. */
    attempts: number;
    /** Of the machine, by one program and all it has started; null: nine tenths of what there is. */
    memoryMb: number | null;
    processes: number;
    /** Written in its checkout. */
    diskMb: number | null;
  };
  budget: { usd: number | null; tokens: number | null; minutes: number | null };
  /** US dollars that the wave may be likely to cost. Beside `budget`, whose words are stored as they are. */
  maxUsd: number | null;
  people: PeopleSettings;
  notify: NotifySettings;
  autopilot: { repairs: number; waitMinutes: number; land: 'off' | 'tree' | 'commit' };
  workspace: { setup: string[]; links: string[] };
  /** The home folder of proof and setup commands, and `proof.env` as it is written. */
  proof: {
    home: 'private' | 'user';
    env: string[];
    isolation: Isolation;
    services: string[];
    folders: string[];
  };
  /** Run on the merged tree besides the proof commands of the agents. */
  testCommand: string | null;
  store: StoreSettings;
  transcript: 'full' | 'redacted' | 'local';
  /** Names of variables with secret values, and regular expressions for secrets. */
  secrets: { names: string[]; patterns: string[] };
  trust: 'signed' | 'reprove' | 'digest';
  run: 'auto' | 'local-only' | 'never' | null;
  legacySignals: boolean;
  /** `executors.<id>.*` of the lane: command, env names, maxConcurrent, prices. */
  executors: Record<string, Record<string, unknown>>;
  preferredAgents: Record<string, string[]>;
  /** How many agents of the wave may run on an executor, where the configuration limits it. */
  runtimeMixTargets: Record<string, number>;
  /** Gates named here are advisory in this wave; empty unless the config sets gateModeThresholds. */
  advisoryGates: string[];
}

/** How one `### Executor` key of an adapter is read and typed. `command` is a command line: its quotes stay. */
export type OptionKind =
  'string' | 'command' | 'int' | 'bool' | 'list' | 'json' | { enum: readonly string[] };

/** What the language must know of an executor. Adapters own their table; no zod here: the graph path loads it. */
export interface ExecutorVocabulary {
  executorId: string;
  /** `sandbox` for the key `codex.sandbox`. */
  keys: Readonly<Record<string, OptionKind>>;
  /** Keys allowed in an agent block whose `id` is another executor. */
  allowedBesideOthers?: readonly string[];
  /** A run of it costs nothing. */
  free?: boolean;
}

/** What a role means to those who never see its rule. */
export interface RoleTraits {
  /** File below `role-prompts/` that stands in for a prompt that no agent file imports. */
  shippedPrompt: string;
  /** It is told the eval targets of the wave: they are part of its prompt and of its work key. */
  seesEvalTargets?: true;
  /** The deploy environments of the wave are part of its work key. */
  seesDeployEnvironments?: true;
  /** It rolls out: it owes no documents, and the closure record tells whether its rollout is proven. */
  rollsOut?: true;
}

/** How a role is recognised and what it means. One file per role in `roles/`, in matching order. */
export interface RoleRule {
  id: RoleId;
  /** The envelope that it answers with, and so the gate that reads its judgement. */
  envelopeRole: EnvelopeRole;
  stage: Stage;
  traits?: Partial<RoleTraits>;
  /** Agent id that makes an agent hold the role, where the configuration (`roles.<role>AgentId`) names no other. */
  agentId?: string;
  /** A judge of the wave: an agent holds at most one such role. */
  closes?: true;
  /** The wave must have an agent of it, called so: `cont-QA agent`. */
  required?: string;
  /** From the wave on that this key of `validation` names; in every wave where absent. */
  requiredFromWave?: 'requireContQaFromWave';
  /** Exactly one agent holds it, from the wave on that this key of `validation` names. */
  oneFromWave?: StewardThreshold;
  /** It owns the shared plan documents and the component matrix, and nobody else does. */
  ownsSharedPlan?: true;
  /** The report that an agent of it must own, in words and as paths. It is also asked to import the prompt of the role. */
  report?: { what: string; isReport(path: string): boolean };
  matches(agent: AgentSpec, names: RoleNames): boolean;
  /** True where the agent changes the product and so owes components, an exit contract and proof. */
  implementationOwning(agent: AgentSpec): boolean;
  /**
   * Where an implementation-owning agent of this role runs twice: first in the stage of the role as `<id>-<suffix>`,
   * with those of its paths that `owns` names, then as an implementer.
   */
  firstPass?: { suffix: string; owns(path: string): boolean };
}

/** Keys of `validation` that say from which wave on a steward is asked for. */
export type StewardThreshold = 'requireIntegrationStewardFromWave' | 'requireDocumentationStewardFromWave';

/** The configurable ids and prompt paths of `roles{}`. */
export interface RoleNames {
  rolePromptDir: string;
  /** Agent id by role id, for roles that have one. */
  agentIds: Readonly<Record<RoleId, string>>;
  /** Workspace-relative prompt path by role id. */
  rolePromptPaths: Readonly<Record<RoleId, string>>;
}

/** Something worth saying that stops nothing. */
export type Warning = Failure;
