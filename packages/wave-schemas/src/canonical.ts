import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 JSON: the one byte form of everything that is hashed. `undefined` members are dropped. */
export function canonicalJson(value: unknown): string {
  const text = isPlain(value) ? write(value) : canonicalize(value);
  if (text === undefined) throw new Error('canonicalJson: the value has no JSON form');
  return text;
}

type Plain =
  null | string | boolean | number | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** Texts, whole numbers, lists and plain objects: all that our documents hold. Anything else is the library's to write. */
function isPlain(value: unknown): value is Plain {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isSafeInteger(value);
    case 'object':
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isPlain);
      if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return false;
      for (const key in value) {
        const member = (value as Record<string, unknown>)[key];
        if (member !== undefined && !isPlain(member)) return false;
      }
      return true;
    default:
      return false;
  }
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

/** The same bytes as the library, in a third of its time: inference makes a digest for every agent of every wave. */
function write(value: Plain): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    let text = '[';
    for (let at = 0; at < value.length; at += 1) text += (at === 0 ? '' : ',') + write(value[at] as Plain);
    return `${text}]`;
  }
  const members = value as { readonly [key: string]: Plain | undefined };
  let text = '{';
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === '{' ? '' : ','}${quotedKey(key)}${write(member)}`;
  }
  return `${text}}`;
}

/** Lower-case hex sha256 of texts (as UTF-8) and bytes, one after the other. */
export function sha256(...data: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of data) hash.update(part);
  return hash.digest('hex');
}

/** sha256 of the canonical JSON of a value: how every key and digest of nx-wave is made. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
