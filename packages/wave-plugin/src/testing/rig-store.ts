import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type WaveRig } from './rig';

/** What stands on disk after a launch, for tests that look into it or damage it. */
export interface RigStore {
  /** Every bundle of the proof store, as absolute folders. */
  proofs(): string[];
  /** Every file below the state root and the durable root, as [absolute path, text]. */
  texts(): [path: string, text: string][];
  removeStateRoot(): void;
  removeProofs(): void;
  /** Forgets every attempt: what a machine that never ran the agents has. */
  removeAttempts(): void;
  /** Appends a byte to a file of every stored bundle. */
  tamper(name: string): void;
}

export function rigStore(rig: WaveRig): RigStore {
  const durable = join(rig.root, '.git', 'nx-wave');
  const files = (folder: string): string[] => {
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    } catch {
      return [];
    }
  };
  const proofs = () =>
    files(join(durable, 'proofs'))
      .filter((path) => path.endsWith('/manifest.json'))
      .map((path) => path.slice(0, -'/manifest.json'.length));
  const remove = (path: string) => rmSync(path, { recursive: true, force: true });
  return {
    proofs,
    texts: () =>
      [...files(join(rig.root, '.tmp')), ...files(durable)].map((path) => [path, readFileSync(path, 'utf8')]),
    removeStateRoot: () => remove(join(rig.root, '.tmp')),
    removeProofs: () => remove(join(durable, 'proofs')),
    removeAttempts: () => remove(join(durable, 'attempts')),
    tamper(name) {
      for (const folder of proofs()) {
        const path = join(folder, name);
        chmodSync(path, 0o644);
        writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
      }
    },
  };
}
