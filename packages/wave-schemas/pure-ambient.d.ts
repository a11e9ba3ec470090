/** The one door of pure code to the platform: hashing. Nothing else of Node is visible to it. */
declare module 'node:crypto' {
  interface Hash {
    update(data: string | Uint8Array): Hash;
    digest(encoding: 'hex'): string;
  }
  export function createHash(algorithm: 'sha256'): Hash;
  export function hash(algorithm: 'sha256', data: string | Uint8Array, encoding: 'hex'): string;
}

/** A type alone: pure contracts name it, and only edges look at one. */
interface AbortSignal {
  readonly aborted: boolean;
}
