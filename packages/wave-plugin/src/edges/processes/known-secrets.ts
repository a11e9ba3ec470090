import { formsOf, shortestSecret } from './secret-forms';
import { isSecretName, isSecretVariable, secretPatterns } from './secret-patterns';

/** A text that must not stand in a file, and the variable that it comes from. */
export interface KnownSecret {
  variable: string;
  text: string;
  /** False for what may as well be a word that files have a right to: it is told and refuses nothing. */
  certain: boolean;
}

/** Where a text holds a known secret. */
export interface SecretHit {
  secret: KnownSecret;
  /** The secret as it is written there: encoded, escaped or plain. */
  found: string;
  /** Line that it begins in, from 1 on. */
  line: number;
}

export type SecretSearch = (text: string) => SecretHit[];

/** From this length on a value is no word that a file has by chance. */
const certainLength = 16;

/**
 * What is looked for in files of the values that `createRedactor` hides in output. A file has a right to much that
 * output has not, so of a value of several lines, and of a login that is kept as JSON, only the parts count that look
 * like a secret: not its headers, names and addresses.
 */
export function knownSecrets(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[] = [],
): KnownSecret[] {
  const named = new Set(names);
  const found = new Map<string, KnownSecret>();
  for (const variable of Object.keys(env).sort()) {
    const value = (env[variable] ?? '').replaceAll('\r\n', '\n').trim();
    if (value.length < shortestSecret || !isSecretVariable(variable, named)) continue;
    const texts = [
      { text: value, certain: isCertain(value) },
      ...partsOf(value).map((text) => ({ text, certain: true })),
    ];
    // Two variables may hold one value: the first name is told.
    for (const one of texts) if (!found.has(one.text)) found.set(one.text, { variable, ...one });
  }
  return [...found.values()];
}

/** Finds the secrets in a text, in the order of the list, each form of each once. */
export function createSecretSearch(secrets: readonly KnownSecret[]): SecretSearch {
  const searched = secrets.map((secret) => ({ secret, source: formsOf(secret.text).join('|') }));
  if (searched.length === 0) return () => [];
  const any = new RegExp(searched.map(({ source }) => source).join('|'));
  return (given) => {
    const text = given.replaceAll('\r\n', '\n');
    // Texts of two bytes a sign hold it with a NUL between its letters.
    const plain = text.includes('\0') ? text.replaceAll('\0', '') : null;
    return [text, ...(plain === null ? [] : [plain])].flatMap((one) =>
      any.test(one) ? searched.flatMap(({ secret, source }) => hitsOf(one, source, secret)) : [],
    );
  };
}

function hitsOf(text: string, source: string, secret: KnownSecret): SecretHit[] {
  const hits = new Map<string, SecretHit>();
  for (const { index, 0: found } of text.matchAll(new RegExp(source, 'g'))) {
    if (hits.has(found)) continue;
    hits.set(found, { secret, found, line: text.slice(0, index).split('\n').length });
  }
  return [...hits.values()];
}

/** Parts of a value that are secrets by themselves: the password of an address, lines of a key, texts of a login. */
function partsOf(value: string): string[] {
  const password = passwordOf(value);
  const parts = [
    ...(password !== null && isCertain(password) ? [password] : []),
    ...(value.includes('\n') ? value.split('\n').map((line) => line.trim()) : []).filter(looksMade),
    ...leavesOf(value),
  ];
  return parts.filter((part) => part.length >= certainLength);
}

function leavesOf(value: string): string[] {
  if (!/^[[{]/.test(value)) return [];
  const leaves: string[] = [];
  try {
    JSON.parse(value, (name, inner: unknown) => {
      if (typeof inner !== 'string' || inner.includes('://')) return inner;
      if (isSecretName(name) || looksMade(inner)) leaves.push(inner.trim());
      return inner;
    });
  } catch {
    return [];
  }
  return leaves.flatMap((leaf) => (leaf.includes('\n') ? [leaf, ...partsOf(leaf)] : [leaf]));
}

/** Whether a value is surely a secret wherever it stands. An address is as secret as its password, a path is none. */
function isCertain(value: string): boolean {
  const password = passwordOf(value);
  if (password !== null) return isCertain(password);
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|~?\/|\.{1,2}\/|[A-Za-z]:[\\/])\S*$/.test(value)) return looksMade(value);
  return value.length >= certainLength || looksMade(value);
}

/** The password in an address (`scheme://user:password@host`); null where there is none. */
function passwordOf(value: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@\S*$/.exec(value)?.[1] ?? null;
}

/** Whether a program made it, and no person wrote it: a published form, or a run of signs as no language has it. */
function looksMade(text: string): boolean {
  // The first and the last line of a key are the same in every key.
  if (/^-----(?:BEGIN|END) [A-Z ]+-----$/.test(text)) return false;
  if (secretPatterns.some(({ source }) => new RegExp(source).test(text))) return true;
  const isShort = text.length < certainLength;
  const runs = isShort ? [text] : text.split(/[^A-Za-z0-9+_=]+/);
  return runs.some(
    (run) =>
      (run.length >= (isShort ? 12 : certainLength) && kindsOfSigns.every((kind) => kind.test(run))) ||
      /^[0-9a-f]{32,}$/i.test(run),
  );
}

const kindsOfSigns = [/^\S*[a-z]\S*$/, /[A-Z]/, /[0-9]/];
