import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** A link in place of a file. */
export interface Link {
  link: string;
}

/** The files of an entry by their names; Nx adds `code` and `terminalOutput` to the outputs of the task. */
export type EntryFiles = Map<string, Buffer | Link>;

/** What Nx has stored: a compressed archive. Folders are left out, they come with their files. */
export function unpackEntry(bytes: Buffer): EntryFiles {
  return inScratch((folder) => {
    execFileSync('tar', ['-xzf', '-', '-C', folder, '--no-same-owner'], { input: bytes });
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !lstatSync(path).isDirectory());
    return new Map(found.map((path) => [relative(folder, path), contentOf(path)]));
  });
}

function contentOf(path: string): Buffer | Link {
  if (lstatSync(path).isSymbolicLink()) return { link: readlinkSync(path) };
  // Nx gives its own two files no permission at all.
  chmodSync(path, 0o600);
  return readFileSync(path);
}

/** An archive as Nx reads it. */
export function packEntry(files: EntryFiles): Buffer {
  return inScratch((folder) => {
    for (const [name, content] of files) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      if (Buffer.isBuffer(content)) writeFileSync(path, content);
      else symlinkSync(content.link, path);
    }
    const args = ['-czf', '-', '-C', folder, ...readdirSync(folder)];
    return execFileSync('tar', args, { maxBuffer: 1 << 28 });
  });
}

function inScratch<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'nx-wave-entry-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The hash under which the entry stands that has a file of this name. */
export function hashOf(entries: ReadonlyMap<string, Buffer>, name: string): string {
  for (const [hash, bytes] of entries) if (unpackEntry(bytes).has(name)) return hash;
  throw new Error(`no entry holds ${name}`);
}

/** The entries with some files of one of them replaced. */
export function withFiles(
  entries: ReadonlyMap<string, Buffer>,
  hash: string,
  change: (files: EntryFiles) => void,
): Map<string, Buffer> {
  const files = unpackEntry(entries.get(hash) ?? Buffer.alloc(0));
  change(files);
  return new Map(entries).set(hash, packEntry(files));
}
