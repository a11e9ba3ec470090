/** Time that only moves from one event to the next. Real code awaits in between; it waits for nothing outside of this. */
export interface World {
  now(): number;
  at(time: number, event: () => void): void;
  /** Runs events until there are none, or until `horizon`. */
  run(horizon: number): Promise<void>;
}

interface Entry {
  time: number;
  order: number;
  event: () => void;
}

export function createWorld(): World {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;
  const isBefore = (a: Entry, b: Entry) => a.time < b.time || (a.time === b.time && a.order < b.order);
  return {
    now: () => now,
    at(time, event) {
      push({ time: Math.max(now, time), order: (order += 1), event });
    },
    async run(horizon) {
      for (let next = pop(); next !== undefined; next = pop()) {
        if (next.time > horizon) return;
        now = next.time;
        next.event();
        await settled();
      }
    },
  };

  function push(entry: Entry): void {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  function pop(): Entry | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Entry, heap[left] as Entry) ? right : left;
      const below = heap[child] as Entry;
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

/** Every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
