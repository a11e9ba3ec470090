import { type Failure } from './failure';

/** The outcome of anything that may fail in an expected way. A throw is always a bug. */
export type Result<T, E = Failure> = { ok: true; value: T } | { ok: false; error: E };

/** Several failures can be true at once: validation collects them all. */
export type Checked<T> = { ok: true; value: T; warnings: Failure[] } | { ok: false; failures: Failure[] };

export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function err<E>(error: E): { ok: false; error: E } {
  return { ok: false, error };
}

/** Compile-time proof that a switch is complete. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
