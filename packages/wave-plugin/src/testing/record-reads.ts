/** Where in a value something was read: member names, and positions in lists as numbers. */
export type ReadPath = readonly (string | number)[];

/**
 * A view of plain data that notes the path of every plain value which is read through it, so that a test can say what a
 * function looks at without knowing how it works.
 */
export function recordReads<T extends object>(value: T): { view: T; reads: () => ReadPath[] } {
  const seen = new Map<string, ReadPath>();
  // By path and not by object: one object may stand in several places.
  const views = new Map<string, object>();
  const watch = (target: object, path: ReadPath): object => {
    const known = views.get(JSON.stringify(path));
    if (known) return known;
    const view = new Proxy(target, {
      get(from, key, receiver) {
        const found: unknown = Reflect.get(from, key, receiver);
        if (typeof key === 'symbol' || typeof found === 'function') return found;
        const at = [...path, Array.isArray(from) && /^\d+$/.test(key) ? Number(key) : key];
        if (typeof found === 'object' && found !== null) return watch(found, at);
        if (!Array.isArray(from) || key !== 'length') seen.set(JSON.stringify(at), at);
        return found;
      },
    });
    views.set(JSON.stringify(path), view);
    return view;
  };
  return { view: watch(value, []) as T, reads: () => [...seen.values()] };
}

/** A copy of plain data in which the value at one path is another one of its kind. */
export function changeAt<T>(value: T, path: ReadPath, to: (before: unknown) => unknown): T {
  const [step, ...rest] = path;
  if (step === undefined) return to(value) as T;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  copy[step] = changeAt(copy[step], rest, to);
  return copy as T;
}
