import type { Backend, Unknown } from '../core/shared-store/backend';

/** A store in memory; `obeys: false` is a service that does not know conditional writes. */
export function openMemoryBackend({ obeys = true }: { obeys?: boolean } = {}): Backend & {
  objects: Map<string, { body: Uint8Array; tag: string }>;
  /** Calls that find something here get this answer instead, one each. */
  troubles: Unknown[];
} {
  const objects = new Map<string, { body: Uint8Array; tag: string }>();
  const troubles: Unknown[] = [];
  let version = 0;
  const write = (key: string, body: Uint8Array) => {
    const tag = `t${(version += 1)}`;
    objects.set(key, { body, tag });
    return { answer: 'done' as const, tag };
  };
  return {
    name: 'memory',
    objects,
    troubles,
    async get(key) {
      const known = objects.get(key);
      return troubles.shift() ?? (known ? { answer: 'done', ...known } : { answer: 'absent' });
    },
    async putIfAbsent(key, body) {
      const trouble = troubles.shift();
      if (trouble) return trouble;
      return obeys && objects.has(key) ? { answer: 'changed' } : write(key, body);
    },
    async replaceIfMatch(key, body, { tag }) {
      const trouble = troubles.shift();
      if (trouble) return trouble;
      const known = objects.get(key);
      if (!known && obeys) return { answer: 'absent' };
      return obeys && known?.tag !== tag ? { answer: 'changed' } : write(key, body);
    },
    async list(prefix) {
      return { answer: 'done', keys: [...objects.keys()].filter((key) => key.startsWith(prefix)).sort() };
    },
  };
}
