/** What Git LFS stores in place of a file: the sha256 of its content, in hex, and its size in bytes. */
export interface LfsPointer {
  sha256: string;
  bytes: number;
}

/** A pointer is smaller than this; a larger file need not be read (git-lfs, `docs/spec.md`). */
export const largestPointer = 1_023;

const pointerText =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (0|[1-9]\d{0,15})\n?$/;

/** Reads a pointer. Null for everything else, pointers with extensions included: their content goes through programs. */
export function readPointer(text: string): LfsPointer | null {
  const [, sha256, size] = pointerText.exec(text) ?? [];
  // A size that is no exact number here would be written as another one.
  if (sha256 === undefined || !Number.isSafeInteger(Number(size))) return null;
  return { sha256, bytes: Number(size) };
}

/** The pointer as git-lfs writes it. */
export function writePointer({ sha256, bytes }: LfsPointer): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes}\n`;
}

/** Where a store of Git LFS has the content, relative to the folder of the store. */
export function lfsObjectPath({ sha256 }: LfsPointer): string {
  return `objects/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
}
