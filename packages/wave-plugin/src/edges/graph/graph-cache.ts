import { dirname, extname, join } from 'node:path';
import { digestOf } from '@nx-wave/schemas/plain';
import { type InferenceOptions, type Memory } from '../../core/infer/infer-workspace';
import { openKeptOutlines } from '../../core/infer/kept-outlines';
import { digestOfBundle, digestOfCode } from './code-digest';
import { dataFolder } from './data-folder';
import { readSealed, writeSealed } from './sealed-file';

/** Outlines of waves from earlier runs, in a file beside the other caches of the project graph. */
export interface GraphCache extends Memory {
  /** Writes what the run used, if that is not what the file holds. */
  close(): void;
}

/** Start of the names of our files. */
const family = 'nx-wave-projects-';

/**
 * Opens the cache of a workspace; null where Nx is told to keep none (`NX_CACHE_PROJECT_GRAPH=false`), or where the code
 * that infers cannot be told from another.
 */
export function openGraphCache(
  workspaceRoot: string,
  options: InferenceOptions,
  env: NodeJS.ProcessEnv,
): GraphCache | null {
  if (env['NX_CACHE_PROJECT_GRAPH'] === 'false') return null;
  const code = ownCode();
  if (code === null) return null;
  const path = join(dataFolder(workspaceRoot, env), `${family}${digestOf(options).slice(0, 16)}`);
  const outlines = openKeptOutlines(readSealed(path));
  return {
    code,
    outlines,
    close: () => {
      const text = outlines.text();
      if (text !== null) writeSealed(path, text, family);
    },
  };
}

let known: string | null | undefined;

/** The code that infers, with what it runs on; asked once, because the code of a process does not change. */
function ownCode(): string | null {
  if (known === undefined) known = digestOfOwnCode();
  return known;
}

/** From sources, the folders that inference is made of; published, the one file that all of it is bundled into. */
function digestOfOwnCode(): string | null {
  const own = dirname(dirname(__dirname));
  const code =
    extname(__filename) === '.ts'
      ? digestOfCode([
          { path: own, deep: false },
          ...['core', 'roles', 'adapters'].map((name) => ({ path: join(own, name), deep: true })),
          { path: dirname(require.resolve(plainSchemas)), deep: true },
        ])
      : digestOfBundle(__filename);
  return code === null ? null : digestOf([code, process.version]);
}

/** Resolved in a workspace of sources only: a bundle holds it. */
const plainSchemas = '@nx-wave/schemas/plain';
