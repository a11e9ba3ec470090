import { type AgentSpec, type ExecutorSpec, type OptionValue, type RoleId } from '@nx-wave/schemas';
import { type FilledScope } from '@nx-wave/schemas/plain';
import {
  type ExecutorSelection,
  type ExecutorVocabulary,
  type OptionKind,
  type ResolvedExecutor,
} from '../model';
import { fitsKind, optionKey } from './executor-options';

type Profile = NonNullable<FilledScope['executors']['profiles'][string]>;

/** What decides on which program an agent runs, besides the agent itself. */
export interface ExecutorContext {
  scope: FilledScope;
  vocabularies: readonly ExecutorVocabulary[];
  /** `--executor`, which stands above everything. */
  override: string | null;
}

/** The profile an agent names, if the configuration has it. */
export function profileOf(spec: ExecutorSpec, scope: FilledScope): Profile | null {
  const { profiles } = scope.executors;
  return spec.profile !== null && Object.hasOwn(profiles, spec.profile)
    ? (profiles[spec.profile] ?? null)
    : null;
}

/** The program, model, retry behaviour and options of one agent. The id may still be one that no adapter has. */
export function resolveExecutor(
  agent: AgentSpec,
  { role, proofCentric }: { role: RoleId; proofCentric: boolean },
  context: ExecutorContext,
): ResolvedExecutor {
  const { scope, vocabularies } = context;
  const spec = agent.executor;
  const profile = profileOf(spec, scope);
  const wishes: Wishes = { spec, profile };
  const { id, selectedBy } = selectExecutor(wishes, role, context);
  const allowed = allowsFallback(wishes, proofCentric) && selectedBy !== 'override';
  const fallbacks = allowed ? fallbackOrder(wishes, scope).filter((other) => other !== id) : [];
  const sectionOf = (executorId: string): Record<string, unknown> => asObject(scope.executors[executorId]);
  return {
    id,
    selectedBy,
    model: modelOf(wishes, id, sectionOf(id)),
    retryPolicy: allowed ? 'fallback-allowed' : 'sticky',
    fallbacks,
    tags: [...new Set([...(profile?.tags ?? []), ...spec.tags])],
    budget: { ...profile?.budget, ...spec.budget },
    options: Object.fromEntries(
      [id, ...fallbacks].map((executorId) => {
        const keys = vocabularies.find((known) => known.executorId === executorId)?.keys ?? {};
        return [
          executorId,
          mergeOptions(
            keys,
            readSection(sectionOf(executorId), keys),
            readSection(asObject(profile?.[executorId]), keys),
            spec.options[executorId] ?? {},
          ),
        ];
      }),
    ),
  };
}

/** What an agent asks for, and the profile that it names. */
interface Wishes {
  spec: ExecutorSpec;
  profile: Profile | null;
}

function selectExecutor(
  { spec, profile }: Wishes,
  role: RoleId,
  { scope, override, vocabularies }: ExecutorContext,
): { id: string; selectedBy: ExecutorSelection } {
  const chosen = override ?? scope.executors.override;
  if (chosen !== null) return { id: chosen, selectedBy: 'override' };
  if (spec.id !== null) return { id: spec.id, selectedBy: 'agent-id' };
  if (profile?.id) return { id: profile.id, selectedBy: 'agent-profile' };
  const byRole = scope.runtimePolicy.defaultExecutorByRole;
  const ofRole = Object.hasOwn(byRole, role) ? byRole[role] : undefined;
  if (ofRole !== undefined) return { id: ofRole, selectedBy: 'lane-role-default' };
  // The first of the registry stands for a workspace that has not chosen.
  return { id: scope.executors.default ?? vocabularies[0]?.executorId ?? '', selectedBy: 'lane-default' };
}

/** A model belongs to the program it was written for: never to one that an override or another id puts there. */
function modelOf({ spec, profile }: Wishes, id: string, section: Record<string, unknown>): string | null {
  const agentProgram = spec.id ?? profile?.id ?? id;
  if (spec.model !== null && agentProgram === id) return spec.model;
  if (profile?.model && (profile.id ?? id) === id) return profile.model;
  return typeof section['model'] === 'string' ? section['model'] : null;
}

function allowsFallback({ spec, profile }: Wishes, proofCentric: boolean): boolean {
  if (spec.retryPolicy !== null) return spec.retryPolicy !== 'sticky';
  if (spec.allowFallbackOnRetry !== null) return spec.allowFallbackOnRetry;
  if (profile?.retryPolicy) return profile.retryPolicy !== 'sticky';
  return profile?.allowFallbackOnRetry ?? !proofCentric;
}

function fallbackOrder({ spec, profile }: Wishes, scope: FilledScope): string[] {
  const named = [...new Set([...(profile?.fallbacks ?? []), ...spec.fallbacks])];
  return named.length > 0 ? named : [...new Set(scope.runtimePolicy.fallbackExecutorOrder)];
}

/** Lane <- profile <- agent: the last single value counts, lists are united. */
function mergeOptions(
  keys: Readonly<Record<string, OptionKind>>,
  ...layers: Record<string, OptionValue>[]
): Record<string, OptionValue> {
  const merged: Record<string, OptionValue> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      const before = merged[key];
      const united = keys[key] === 'list' && isList(before) && isList(value);
      merged[key] = united ? [...new Set([...before, ...value])] : value;
    }
  }
  return merged;
}

function isList(value: OptionValue | undefined): value is string[] {
  return Array.isArray(value);
}

/** Options in the configuration. What does not fit is left out, and was told by `checkConfig`. */
export function readSection(
  section: Record<string, unknown>,
  keys: Readonly<Record<string, OptionKind>>,
): Record<string, OptionValue> {
  const options: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(section)) {
    const key = optionKey(name);
    const kind = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (kind !== undefined && fitsKind(value, kind)) options[key] = value;
  }
  return options;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
