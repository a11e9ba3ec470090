/** Readers of single values of older documents: what is not there or of another type is absent, never an error. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** The first of several names of a member that holds a text. */
export function textAt(value: Json, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textOf(value[key]);
    if (text !== null) return text;
  }
  return null;
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => textOf(item) !== null) : [];
}

export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function sortedSet(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

/** The Nx project of a wave that is named by its number, and by its lane unless that is `main`. Null without a number. */
export function projectOf(value: Json): string | null {
  const number = countOf(value['waveNumber'] ?? value['wave']);
  const lane = textOf(value['lane']);
  if (number === null) return null;
  return `${lane === null || lane === 'main' ? '' : `${lane}-`}wave-${number}`;
}

/** The Nx task of an agent. */
export function taskIdOf(project: string, agentId: string): string {
  return `${project}:agent-${agentId.toLowerCase()}`;
}

/** `wave-3:A2:primary` and `wave-3:agent:A2` name the slice of an agent; other ids stay as they are. */
export function upcastTaskId(taskId: string, project: string | null): string {
  const match = /^(wave-\d{1,15}):(?:agent:)?([A-Za-z]{1,3}\d{1,3})(?::[^:]*)?$/.exec(taskId);
  return match ? taskIdOf(project ?? (match[1] as string), match[2] as string) : taskId;
}
