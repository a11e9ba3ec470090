/**
 * What the shared store asks of whatever keeps its objects. Everything that is decided about claims, budgets and
 * checkpoints is built on these calls alone, and each backend passes one conformance suite.
 *
 * The rules, and where they come from:
 * - `put-if-absent` is `If-None-Match: *`, `replace-if-match` is `If-Match: <etag>` of RFC 9110, 13.1.1 and 13.1.2. Azure
 *   Blob (Put Blob, "Specifying conditional headers") and Amazon S3 (PutObject, "Conditional writes") have both.
 * - A lost response leaves the caller not knowing whether its write landed. So there is no retry inside of a backend, nor in
 *   the client library below it: whoever calls reads back and looks for its own `op`.
 * - The same status means different things: 409 is "it exists" on Azure (BlobAlreadyExists) and "nothing landed, another write
 *   was under way" on S3 (ConditionalRequestConflict). Each backend maps its service to the four answers below.
 * - A tag can be the MD5 of the content (S3 without encryption by KMS), so two equal bodies could have one tag: no two versions
 *   of a control object are equal bytes.
 */

/** What was asked of the store holds now, or held when the answer was sent. */
export interface Done {
  answer: 'done';
  /** The version that was read or written: opaque, never empty, only ever compared by the backend that gave it. */
  tag: string;
}

/** An object as it was read, whole. */
export interface Found extends Done {
  body: Uint8Array;
}

/** The condition of a write did not hold: there is an object already, or another version than that of the tag. Nothing was written. */
export interface Changed {
  answer: 'changed';
}

/** There is no object of that key. Nothing was written. */
export interface Absent {
  answer: 'absent';
}

/** Nobody can tell whether a write landed, and nothing was learned from a read. Never a reason to believe anything. */
export interface Unknown {
  answer: 'unknown';
  trouble: StoreTrouble;
}

/**
 * Why the store gave no answer:
 * - `timeout`: none came in time;
 * - `unreachable`: no connection, or one that broke, a name that does not resolve, a folder that is gone;
 * - `throttled`: the service asks for fewer calls (429, 503), or another write to the object was under way (409 of S3);
 * - `credentials`: missing, expired or not accepted (401, 403), or without the right to do this (a read-only share);
 * - `server`: any other answer of the service that is not one of its documented ones, a full disk too;
 * - `cut-short`: fewer bytes came than were promised;
 * - `cancelled`: the caller gave up.
 */
export type StoreTroubleKind =
  'timeout' | 'unreachable' | 'throttled' | 'credentials' | 'server' | 'cut-short' | 'cancelled';

export interface StoreTrouble {
  kind: StoreTroubleKind;
  /** For people: what the service said, without addresses' queries, headers or anything else that may be secret. */
  detail: string;
}

export type GetAnswer = Found | Absent | Unknown;
export type PutAnswer = Done | Changed | Unknown;
export type ReplaceAnswer = Done | Changed | Absent | Unknown;
export type ListAnswer = { answer: 'done'; keys: string[] } | Unknown;

/** Of one call; the limits are those of `limitsOf` where they are absent. */
export interface CallOptions {
  /** Ends the wait with `unknown`; what was sent may land all the same. */
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Most that a read may give: a larger object is `unknown`, and its bytes are left where they are. */
  maxBytes?: number;
}

/** Of a call that replaces: the version that has to stand there. */
export interface ReplaceOptions extends CallOptions {
  tag: string;
}

/**
 * A flat room of objects below one prefix. Keys are those of `isStoreKey`. No call throws for anything that the store, the
 * network or the machine does; a wrong key is a defect of the caller and does.
 */
export interface Backend {
  /** What people call it: the configured address without credentials, query or user. */
  name: string;
  /** The newest version that the backend can see, past every cache that it knows of. May be stale all the same. */
  get(key: string, options?: CallOptions): Promise<GetAnswer>;
  /** Makes an object where there is none. Of many at once, one is `done`. */
  putIfAbsent(key: string, body: Uint8Array, options?: CallOptions): Promise<PutAnswer>;
  /**
   * Puts a body in the place of exactly the version that `tag` names. Of many at once, one is `done`. That there is no object
   * may be told as `changed` too: Azure says 412 to both.
   */
  replaceIfMatch(key: string, body: Uint8Array, options: ReplaceOptions): Promise<ReplaceAnswer>;
  /** Keys that begin with `prefix`, sorted; may be out of date. Only for `prune`, `doctor` and reports: nothing is decided by it. */
  list(prefix: string, options?: CallOptions): Promise<ListAnswer>;
}

/** Limits of every backend, each overridden by the options of a call. */
export const storeLimits = {
  /** A call without an answer for so long is `unknown`. */
  timeoutMs: 10_000,
  /** The same where an archive is read, whose size nobody knows before. One that is written has a second more for each MiB. */
  archiveTimeoutMs: 120_000,
  /** Control objects (`_about.json`, claims, waves) that are larger are refused, read or written. */
  controlBytes: 64 * 1024,
  /** Archives that are larger are neither published nor read. */
  archiveBytes: 512 * 2 ** 20,
} as const;

/** What holds for a call that says nothing else. `bytes`: of a body that is written; 0 for a read. */
export function limitsOf(key: string, bytes: number): { timeoutMs: number; maxBytes: number } {
  if (!/^(bundles|checkpoints)\//.test(key))
    return { timeoutMs: storeLimits.timeoutMs, maxBytes: storeLimits.controlBytes };
  const timeoutMs =
    bytes === 0 ? storeLimits.archiveTimeoutMs : storeLimits.timeoutMs + Math.ceil(bytes / 2 ** 20) * 1_000;
  return { timeoutMs, maxBytes: storeLimits.archiveBytes };
}

const storeKey = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

/** Whether a text may be a key: parts of letters, digits, `.`, `_` and `-`, parted by `/`, none beginning with `.`; at most 512 characters. */
export function isStoreKey(key: string): boolean {
  return key.length <= 512 && storeKey.test(key);
}

/** Where each kind of object of the format stands. */
export const storeKeys = {
  about: '_about.json',
  /** Where every process tries whether the store keeps its conditions. */
  probe: '_probe.json',
  claim: (workKey: string) => `claims/${workKey}`,
  wave: (project: string) => `waves/${project}`,
  bundle: (digest: string) => `bundles/${digest}`,
  checkpoint: (digest: string) => `checkpoints/${digest}`,
} as const;
