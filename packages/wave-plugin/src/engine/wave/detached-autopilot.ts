import { join } from 'node:path';
import type { AutopilotReport } from '@nx-wave/schemas';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { makePrivate } from '../../edges/files/make-private';
import { readFrom } from '../../edges/files/read-file';
import { makeFolder } from '../../edges/files/write-file';
import { ownerOf } from '../../edges/lease/owner';
import type { Edges } from '../session/edges';
import {
  alreadyRunning,
  findAutopilotRecord,
  isFlying,
  noteDetached,
  readDetached,
  readReport,
  type AutopilotRecord,
  type DetachedRun,
} from './autopilot-record';

interface Asked {
  workspaceRoot: string;
  /** Nx project of a wave or of a lane. */
  project: string;
}

/** How often somebody who waits looks. */
const lookMs = 500;

/**
 * Starts an autopilot that outlives this command, with its output in a file of the repository's git folder that nobody else
 * may read. `start` gives its process id. Codes: autopilot-running, internal-error, those of writing.
 */
export async function submitAutopilot(
  edges: Edges,
  { workspaceRoot, project, start }: Asked & { start(log: string): Promise<number | null> },
): Promise<Result<DetachedRun>> {
  const found = await findAutopilotRecord(edges, workspaceRoot, project);
  if (!found.ok) return found;
  const record = found.value;
  if (await isFlying(record)) return err(alreadyRunning(record));
  await makeFolder(join(record.folder, 'output'));
  const hidden = await makePrivate(record.folder);
  if (!hidden.ok) return hidden;
  const startedAt = edges.now().toISOString();
  const log = join(record.folder, 'output', `${startedAt.replace(/[:.]/g, '-')}.log`);
  const pid = await start(log);
  if (pid === null)
    return err(
      failure('internal-error', `Nx could not be started for the autopilot of ${project}.`, {
        place: { wave: project },
        next: `nx run ${project}:autopilot`,
      }),
    );
  const run: DetachedRun = { owner: ownerOf(pid), log, startedAt };
  const noted = await noteDetached(record, run);
  return noted.ok ? ok(run) : noted;
}

/**
 * The report of the autopilot, once it has ended. Codes: autopilot-unknown (there was none, or it left no report),
 * autopilot-running (the minutes are over).
 */
export async function awaitAutopilot(
  edges: Edges,
  { minutes, ...asked }: Asked & { minutes: number | null },
): Promise<Result<AutopilotReport>> {
  const found = await findAutopilotRecord(edges, asked.workspaceRoot, asked.project);
  if (!found.ok) return found;
  const until = minutes === null ? Infinity : edges.clock.now() + minutes * 60_000;
  while (await isFlying(found.value)) {
    if (edges.signal.aborted || edges.clock.now() >= until) return err(alreadyRunning(found.value));
    await edges.clock.sleep(lookMs, edges.signal);
  }
  return reportOf(found.value);
}

/** The same, with the output of a submitted one printed line by line as it comes. */
export async function attachToAutopilot(edges: Edges, asked: Asked): Promise<Result<AutopilotReport>> {
  const found = await findAutopilotRecord(edges, asked.workspaceRoot, asked.project);
  if (!found.ok) return found;
  const run = await readDetached(found.value);
  if (run === null) return err(unknownAutopilot(found.value));
  let at = 0;
  for (;;) {
    // Asked before the last look at its output: what it printed until it ended is then there.
    const isOver = !(await isFlying(found.value));
    const { lines, end } = await readFrom(run.log, at, { whole: !isOver });
    at = end;
    for (const line of lines) edges.print(line);
    if (isOver) return reportOf(found.value);
    if (edges.signal.aborted) return err(alreadyRunning(found.value));
    await edges.clock.sleep(lookMs, edges.signal);
  }
}

async function reportOf(record: AutopilotRecord): Promise<Result<AutopilotReport>> {
  const report = await readReport(record);
  const run = await readDetached(record);
  if (report === null) return err(unknownAutopilot(record));
  return run !== null && report.startedAt < run.startedAt ? err(unknownAutopilot(record, run)) : ok(report);
}

function unknownAutopilot({ project }: AutopilotRecord, run?: DetachedRun) {
  const said = run === undefined ? '' : ` Its output: ${run.log}`;
  return failure(
    'autopilot-unknown',
    `No autopilot of ${project} has left a report in this repository.${said}`,
    {
      place: { wave: project },
      next: `nx run ${project}:submit, or nx run ${project}:autopilot`,
    },
  );
}
