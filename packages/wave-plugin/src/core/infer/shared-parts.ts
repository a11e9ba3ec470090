import type { TargetEdge } from './inferred-project';

/**
 * Small parts of targets that are alike in many of them, one of each for a graph: what a graph of many waves takes of time is mostly the
 * memory of such parts. Nx writes names of projects into lists of a target in place, so no list of inputs or edges is shared.
 */
export interface SharedParts {
  /** To another target of the same wave. */
  edge(target: string): TargetEdge;
  technologies(name: string): string[];
  example(options: Record<string, unknown>): { options: Record<string, unknown> };
  ultracacheOff: { mode: 'off' };
}

export function sharedParts(): SharedParts {
  return {
    edge: oncePerKey((target: string) => ({ target, params: 'forward' })),
    technologies: oncePerKey((name: string) => [name]),
    example: oncePerKey((options: Record<string, unknown>) => ({ options })),
    ultracacheOff: { mode: 'off' },
  };
}

function oncePerKey<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
