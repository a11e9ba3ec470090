import { configKeys, type ConfigScope, type WaveConfig } from '@nx-wave/schemas/plain';

/** The configuration keys that root, project and lane share. */
export type Scope = ConfigScope;

/** Where a wave lives in the configuration: a lane of the root, or of one entry of `projects{}`. */
export interface ScopeName {
  projectId: string | null;
  lane: string;
}

export function defaultLane(config: WaveConfig): string {
  return config.defaultLane ?? configKeys.defaultLane.default.value;
}

/** What is the same for all waves of a lane is made once for each configuration that was read. */
export function oncePerScope<T>(
  make: (config: WaveConfig, name: ScopeName) => T,
): (config: WaveConfig, name: ScopeName) => T {
  const kept = new WeakMap<WaveConfig, Map<string, T>>();
  return (config, name) => {
    const byName = kept.get(config) ?? new Map<string, T>();
    kept.set(config, byName);
    const key = JSON.stringify([name.lane, name.projectId]);
    const known = byName.get(key);
    if (known !== undefined) return known;
    const made = make(config, { projectId: name.projectId, lane: name.lane });
    byName.set(key, made);
    return made;
  };
}

/**
 * The configuration of one lane as it is written: root < project < lane. Objects are merged key by key, lists and single
 * values are replaced, so that a lane which sets one value inherits the rest.
 */
export const scopeOf = oncePerScope(mergeScope);

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
