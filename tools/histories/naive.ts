import { createHash } from 'node:crypto';
import { readSpec } from './steps';
import { programFile, type Program } from './spec';
import type { Tree } from './world';

/**
 * The same agents as cached `nx:run-commands` targets with the inputs that such a target has by default, as a model: its key is every
 * file of the workspace and its command, a program that exits 0 is stored as done, and nothing else is known. Nothing is run for it.
 */
export class NaiveWave {
  private readonly caches = new Map<string, Map<string, string>>();

  forget(tree: Tree): void {
    this.caches.delete(tree.root);
  }

  /** Agents that a launch would start, and those that it would serve although what they gave was never good. */
  launch(tree: Tree, executor: string | undefined): { paid: number; served: string[] } {
    const cache = this.caches.get(tree.root) ?? new Map<string, string>();
    this.caches.set(tree.root, cache);
    const files = tree.files().map((path) => `${path} ${tree.read(path) ?? ''}`);
    const ground = createHash('sha1').update(files.join('\0')).digest('hex');
    let paid = 0;
    const served: string[] = [];
    for (const { id } of readSpec(tree).agents) {
      const key = `${ground} ${id} ${executor ?? ''}`;
      if (cache.has(key)) {
        if (cache.get(key) !== 'good') served.push(id);
        continue;
      }
      paid += 1;
      const program = JSON.parse(tree.read(programFile(id)) ?? '{}') as Program;
      cache.set(key, program.fine && !program.asks ? 'good' : 'never good');
    }
    return { paid, served };
  }
}
