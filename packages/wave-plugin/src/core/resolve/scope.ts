import { type ConfigScope, type WaveConfig } from '@nx-wave/schemas';

/** The configuration keys that root, project and lane share. */
export type Scope = ConfigScope;

/** Where a wave lives in the configuration: a lane of the root, or of one entry of `projects{}`. */
export interface ScopeName {
  projectId: string | null;
  lane: string;
}

export function defaultLane(config: WaveConfig): string {
  return config.defaultLane ?? 'main';
}

/**
 * The configuration of one lane: root < project < lane. Objects are merged key by key, lists and single values are
 * replaced, so that a lane which sets one value inherits the rest.
 */
export function scopeOf(config: WaveConfig, name: ScopeName): Scope {
  return ofScope(scopes, config, name, () => mergeScope(config, name));
}

type Kept<T> = WeakMap<WaveConfig, Map<string, T>>;

const scopes: Kept<Scope> = new WeakMap();

/** What is the same for all waves of a lane is made once for each configuration that was read. */
export function ofScope<T>(
  kept: Kept<T>,
  config: WaveConfig,
  { projectId, lane }: ScopeName,
  make: () => T,
): T {
  const byName = kept.get(config) ?? new Map<string, T>();
  kept.set(config, byName);
  const key = JSON.stringify([lane, projectId]);
  const known = byName.get(key);
  if (known !== undefined) return known;
  const made = make();
  byName.set(key, made);
  return made;
}

function mergeScope(config: WaveConfig, { projectId, lane }: ScopeName): Scope {
  const { lanes, projects, ...root } = config;
  if (projectId === null) return merge(root, own(lanes, lane)) as Scope;
  const project = own(projects, projectId);
  const { lanes: projectLanes, ...shared } = project ?? {};
  return merge(merge(root, shared), own(projectLanes, lane)) as Scope;
}

function own<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(
  outer: Record<string, unknown>,
  inner: Record<string, unknown> | undefined,
): Record<string, unknown> {
  if (!inner) return outer;
  const merged: Record<string, unknown> = { ...outer };
  for (const [key, value] of Object.entries(inner)) {
    if (value === undefined || key === '__proto__') continue;
    const inherited = merged[key];
    merged[key] = isObject(inherited) && isObject(value) ? merge(inherited, value) : value;
  }
  return merged;
}
