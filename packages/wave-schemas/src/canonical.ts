import { createHash, hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 JSON: the one byte form of everything that is hashed. `undefined` members are dropped. */
export function canonicalJson(value: unknown): string {
  const text = plainJson(value) ?? canonicalize(value);
  if (text === undefined) throw new Error('canonicalJson: the value has no JSON form');
  return text;
}

/**
 * The same bytes as the library, in a third of its time, because inference makes a digest for every agent of every wave. Texts, whole
 * numbers, lists and plain objects are all that our documents hold; null for anything else, which is the library's to write.
 */
function plainJson(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return Number.isSafeInteger(value) ? JSON.stringify(value) : null;
    case 'object':
      if (value === null) return 'null';
      if (value instanceof CanonicalPart) return value.json;
      return Array.isArray(value) ? listJson(value) : objectJson(value as Members);
    default:
      return null;
  }
}

/** A part of larger values that comes in many of them, written once. */
export class CanonicalPart {
  readonly json: string;
  constructor(value: unknown) {
    this.json = canonicalJson(value);
  }
  /** For the library. */
  toJSON(): unknown {
    return JSON.parse(this.json);
  }
}

type Members = Readonly<Record<string, unknown>>;

function listJson(list: readonly unknown[]): string | null {
  let text = '[';
  for (let at = 0; at < list.length; at += 1) {
    const item = plainJson(list[at]);
    if (item === null) return null;
    text += at === 0 ? item : `,${item}`;
  }
  return `${text}]`;
}

function objectJson(members: Members): string | null {
  if (Object.getPrototypeOf(members) !== Object.prototype || 'toJSON' in members) return null;
  const keys = Object.keys(members);
  if (!areSorted(keys)) keys.sort();
  let text = '{';
  for (const key of keys) {
    const member = members[key];
    if (member === undefined) continue;
    const json = plainJson(member);
    if (json === null) return null;
    text += text === '{' ? quotedKey(key) + json : `,${quotedKey(key)}${json}`;
  }
  return `${text}}`;
}

/** Most objects are made with their members in this order. */
function areSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1)
    if ((keys[at - 1] as string) > (keys[at] as string)) return false;
  return true;
}

/** Keys are few and come again and again. */
const quotedKeys = new Map<string, string>();

function quotedKey(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const quoted = `${JSON.stringify(key)}:`;
  if (quotedKeys.size < 1_000) quotedKeys.set(key, quoted);
  return quoted;
}

/** Lower-case hex sha256 of texts (as UTF-8) and bytes, one after the other. */
export function sha256(...data: (string | Uint8Array)[]): string {
  const [whole = '', ...more] = data;
  // A graph makes tens of thousands of digests, and a hash that is made for one text takes longer than the text.
  if (more.length === 0) return hash('sha256', whole, 'hex');
  const parts = createHash('sha256');
  for (const part of data) parts.update(part);
  return parts.digest('hex');
}

/** sha256 of the canonical JSON of a value: how every key and digest of nx-wave is made. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
