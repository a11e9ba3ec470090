import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { BundlePredicate } from '@nx-wave/schemas';
import type { Result } from '@nx-wave/schemas/plain';
import { readText, removePath, writeDurable } from '../edges/files/file-edge';
import type { CheckoutRecord } from '../edges/git/contracts';
import { isUncollected, runningFile } from '../edges/store/attempts';
import type { Edges } from './edges';
import { artifactPathsOf } from './collect-slice';
import { describeAttempt } from './record-attempt';
import type { AttemptContext } from './attempt';
import { parseJson } from './session';
import type { Workshop } from './workshop';

/** Where the work of a started agent stands, so that another process can collect it when the runner has been killed. */
export interface RunningAttempt {
  schemaVersion: 1;
  /** What everything that the attempt started carries in its environment. */
  marker: string;
  checkout: CheckoutRecord;
  artifactPaths: string[];
  /** What the manifest will say, without the changes. */
  predicate: BundlePredicate;
}

/** In the folder of a checkout: the attempt that it belongs to. Only a note in both places counts. */
const attemptNote = 'attempt.json';

/** The attempt that a folder of the scratch root says it belongs to, or null. */
export async function readAttemptNote(folder: string): Promise<string | null> {
  const note = parseJson(await readText(join(folder, attemptNote))) as
    { attemptFolder?: unknown } | undefined;
  return typeof note?.attemptFolder === 'string' ? note.attemptFolder : null;
}

/** Notes an attempt right before its agent starts. */
export async function noteRunning(context: AttemptContext, workshop: Workshop): Promise<Result<void>> {
  const { session, agent, edges } = context;
  const checkout = edges.git.recordCheckout(workshop.checkout);
  if (!checkout.ok) return checkout;
  const running: RunningAttempt = {
    schemaVersion: 1,
    marker: context.marker,
    checkout: { ...checkout.value, checkout: { ...checkout.value.checkout, baseTree: workshop.base.tree } },
    artifactPaths: artifactPathsOf(session, agent),
    predicate: describeAttempt({
      ...context,
      executor: { id: agent.executor.id, model: agent.executor.model },
      slice: { tree: workshop.base.tree, changes: [], artifacts: [], artifactDir: null },
      baseTree: workshop.base.tree,
      parents: workshop.upstream,
      usage: null,
      proofCommands: [],
      envelope: null,
      failures: [],
      state: 'collected',
    }),
  };
  const noted = await writeDurable(join(context.attemptFolder, runningFile), JSON.stringify(running));
  if (!noted.ok) return noted;
  const note = JSON.stringify({ attemptFolder: context.attemptFolder });
  return writeDurable(join(workshop.home, attemptNote), note);
}

export const forgetRunning = (attemptFolder: string) => removePath(join(attemptFolder, runningFile));

export async function readRunning(attemptFolder: string): Promise<RunningAttempt | null> {
  const value = parseJson(await readText(join(attemptFolder, runningFile))) as RunningAttempt | undefined;
  return value?.schemaVersion === 1 ? value : null;
}

/**
 * Removes what crashed runs left in the scratch folder, by recorded owner only: nothing is guessed from names or ages.
 * A checkout with work that nobody has collected stays, and so does the snapshot that it stands on.
 */
export async function sweepLeftovers(edges: Edges): Promise<void> {
  const kept = new Set<string>();
  const needed: string[] = [];
  for (const name of await fs.readdir(edges.scratchRoot).catch(() => [] as string[])) {
    const folder = join(edges.scratchRoot, name);
    const attempt = await readAttemptNote(folder);
    if (attempt === null || !(await isUncollected(attempt))) continue;
    const running = await readRunning(attempt);
    if (running === null || !running.checkout.checkout.home.startsWith(`${folder}/`)) continue;
    kept.add(folder);
    needed.push(...running.checkout.borrowed);
  }
  await edges.git.sweepStale(edges.scratchRoot, (folder) => kept.has(folder));
  await edges.git.sweepStale(join(edges.scratchRoot, 'runs'), (folder) =>
    needed.some((objects) => objects.startsWith(`${folder}/`)),
  );
}
