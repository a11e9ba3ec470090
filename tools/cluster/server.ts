import type {
  Backend,
  GetAnswer,
  PutAnswer,
  ReplaceAnswer,
  StoreTroubleKind,
} from '../../packages/wave-plugin/src/core/shared-store/backend';
import type { Process } from './machine';
import type { Random } from './random';
import type { World } from './world';

export interface Version {
  at: number;
  tag: string;
  /** Null: the object was deleted. */
  body: Uint8Array | null;
  /** Who wrote it; null for the world. */
  by: Process | null;
}

/** The true content of a store, with every version that there ever was. */
export interface Server {
  history(key: string): readonly Version[];
  current(key: string): Version | null;
  keys(): string[];
  /** What stood there at a moment. */
  at(key: string, time: number): Version | null;
  delete(key: string): void;
  /** The store as one process sees it, with what its network does to it. */
  open(process: Process): Backend;
  onWrite(listener: (key: string, version: Version, before: Version | null) => void): void;
  /** How often each fault was met. */
  met: Record<string, number>;
}

/** How often a call meets what; times in true milliseconds. */
export interface NetworkFaults {
  lostRequest: number;
  lostResponse: number;
  /** A client library that repeats a request by itself: the second answer is what the caller sees. */
  doubled: number;
  /** The caller has given up, and the write lands all the same, up to a minute later. */
  late: number;
  stale: number;
  staleMs: number;
  throttled: number;
  /** A bundle of which only a part has come. */
  cutShort: number;
  /** Nobody reaches the store. */
  outages: { from: number; to: number }[];
  /** The credentials of a machine do not hold. */
  expired: { machine: string; from: number; to: number }[];
  /** For a scripted disturbance: what happens to the n-th call. */
  scripted?: (call: number) => 'lostResponse' | 'doubled' | 'late' | 'lostRequest' | null;
}

export const noFaults: NetworkFaults = {
  lostRequest: 0,
  lostResponse: 0,
  doubled: 0,
  late: 0,
  stale: 0,
  staleMs: 0,
  throttled: 0,
  cutShort: 0,
  outages: [],
  expired: [],
};

const timeoutMs = 10_000;

export function createServer(world: World, random: Random, faults: NetworkFaults): Server {
  const objects = new Map<string, Version[]>();
  const listeners: ((key: string, version: Version, before: Version | null) => void)[] = [];
  const met: Record<string, number> = {};
  let writes = 0;
  let calls = 0;
  const newest = (key: string): Version | null => alive(objects.get(key)?.at(-1));
  const alive = (version: Version | undefined) =>
    version === undefined || version.body === null ? null : version;
  const meet = (what: string) => (met[what] = (met[what] ?? 0) + 1);

  return {
    met,
    history: (key) => objects.get(key) ?? [],
    current: newest,
    keys: () => [...objects.keys()].sort(),
    at: (key, time) => alive(objects.get(key)?.findLast(({ at }) => at <= time)),
    delete(key) {
      if (newest(key) === null) return;
      meet('deleted');
      write(key, null, null);
    },
    onWrite: (listener) => void listeners.push(listener),
    open: (process) => ({
      name: 'sim://store',
      get: (key) => call<GetAnswer>(process, key, () => read(key)),
      putIfAbsent: (key, body) =>
        call<PutAnswer>(process, key, (mayCut) =>
          newest(key) === null ? put(process, key, cut(key, body, mayCut)) : { answer: 'changed' },
        ),
      replaceIfMatch: (key, body, { tag }) =>
        call<ReplaceAnswer>(process, key, () => {
          const stored = newest(key);
          if (stored === null) return { answer: 'absent' };
          return stored.tag === tag ? put(process, key, body) : { answer: 'changed' };
        }),
      // Whatever it says is wrong: nothing may be decided by it.
      list: () => Promise.resolve({ answer: 'done', keys: ['claims/wrong'] }),
    }),
  };

  function write(key: string, body: Uint8Array | null, by: Process | null): Version {
    const before = newest(key);
    const version = { at: world.now(), tag: `"${(writes += 1).toString(36)}"`, body, by };
    objects.set(key, [...(objects.get(key) ?? []), version]);
    for (const listener of listeners) listener(key, version, before);
    return version;
  }

  function put(process: Process, key: string, body: Uint8Array) {
    return { answer: 'done', tag: write(key, body, process).tag } as const;
  }

  /** Archives are many packets: a connection that breaks may leave a part. Control objects are one. */
  function cut(key: string, body: Uint8Array, mayCut: boolean): Uint8Array {
    if (!mayCut || !/^(bundles|checkpoints)\//.test(key) || !random.chance(faults.cutShort)) return body;
    meet('half-written');
    return body.subarray(0, Math.floor(body.byteLength / 2));
  }

  function read(key: string): GetAnswer {
    let version = newest(key);
    if (random.chance(faults.stale)) {
      const old = alive(
        objects.get(key)?.findLast(({ at }) => at <= world.now() - faults.staleMs * random.next()),
      );
      if (old?.tag !== version?.tag) meet('stale');
      version = old;
    }
    return version === null || version.body === null
      ? { answer: 'absent' }
      : { answer: 'done', tag: version.tag, body: version.body };
  }

  function faultOf(process: Process): string | null {
    const now = world.now();
    calls += 1;
    if (faults.scripted !== undefined) return faults.scripted(calls);
    if (faults.outages.some(({ from, to }) => from <= now && now < to)) return 'outage';
    const { name } = process.machine;
    if (faults.expired.some(({ machine, from, to }) => machine === name && from <= now && now < to))
      return 'expired';
    for (const kind of ['lostRequest', 'lostResponse', 'doubled', 'late', 'throttled'] as const)
      if (random.chance(faults[kind])) return kind;
    return null;
  }

  /** One call: a way there, what the server does, a way back; any of them may fail. */
  function call<A>(process: Process, key: string, serve: (mayCut: boolean) => A): Promise<A> {
    const there = random.between(5, 250);
    const back = random.between(5, 250);
    const fault = faultOf(process);
    if (fault !== null) meet(fault);
    return new Promise((resolve) => {
      const answer = (value: A, after: number) =>
        world.at(world.now() + after, () => process.deliver(() => resolve(value)));
      const unknown = (kind: StoreTroubleKind) =>
        ({ answer: 'unknown', trouble: { kind, detail: kind } }) as unknown as A;
      switch (fault) {
        case 'outage':
          // Some writes land in an outage too; nobody is told.
          if (random.chance(0.1)) world.at(world.now() + there, () => void serve(true));
          return answer(unknown('unreachable'), random.chance(0.5) ? timeoutMs : 50);
        case 'expired':
          return answer(unknown('credentials'), there + back);
        case 'throttled':
          return answer(unknown('throttled'), there + back);
        case 'lostRequest':
          return answer(unknown('timeout'), timeoutMs);
        case 'lostResponse':
          world.at(world.now() + there, () => void serve(true));
          return answer(unknown('timeout'), timeoutMs);
        case 'late':
          world.at(world.now() + timeoutMs + random.between(0, 60_000), () => void serve(false));
          return answer(unknown('timeout'), timeoutMs);
        case 'doubled':
          world.at(world.now() + there, () => {
            serve(false);
            world.at(world.now() + 20, () => answer(serve(false), back));
          });
          return;
        default:
          world.at(world.now() + there, () => answer(serve(false), back));
      }
    });
  }
}
