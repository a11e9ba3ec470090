import { join } from 'node:path';
import { autopilotReportSchema, type AutopilotReport } from '@nx-wave/schemas';
import { canonicalJson, err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { parseJson } from '../../core/parse-json';
import { readText } from '../../edges/files/read-file';
import { writeDurable } from '../../edges/files/write-file';
import { isLeaseHeld, tryAcquireLease, type Lease } from '../../edges/lease/lease';
import { currentOwner, livenessOf, type Owner } from '../../edges/lease/owner';
import type { Edges } from '../session/edges';

/** What a repository keeps of the autopilots of one wave or lane. */
export interface AutopilotRecord {
  project: string;
  /** `<git common dir>/nx-wave/autopilot/<project>`. */
  folder: string;
}

/** A run that goes on without a terminal. */
export interface DetachedRun {
  owner: Owner;
  /** Absolute path of its output. */
  log: string;
  /** Before it was: a report from before is none of its own. */
  startedAt: string;
}

export function autopilotRecord(durableRoot: string, project: string): AutopilotRecord {
  return { project, folder: join(durableRoot, 'autopilot', project) };
}

/** The same for a command that opens no wave. */
export async function findAutopilotRecord(
  edges: Edges,
  workspaceRoot: string,
  project: string,
): Promise<Result<AutopilotRecord>> {
  const repo = await edges.git.openRepository(workspaceRoot);
  return repo.ok ? ok(autopilotRecord(join(repo.value.commonDir, 'nx-wave'), project)) : repo;
}

const leaseOf = ({ folder }: AutopilotRecord) => join(folder, 'lease');

/**
 * The right to be the autopilot of this wave or lane. A dead one is followed at once; what Nx it may have left behind is let
 * work: agents that it runs are waited for, not paid again. Codes: autopilot-running, those of writing.
 */
export async function takeControls(record: AutopilotRecord): Promise<Result<Lease>> {
  const taken = await tryAcquireLease(leaseOf(record), async () => undefined);
  if (!taken.ok) return taken;
  return taken.value === null ? err(alreadyRunning(record)) : ok(taken.value);
}

export function alreadyRunning({ project }: AutopilotRecord) {
  return failure('autopilot-running', `Another autopilot of ${project} is at work.`, {
    place: { wave: project },
    next: `nx run ${project}:wait, or nx run ${project}:attach to see its output.`,
  });
}

/** Whether one is at work, or was started and has not come to its first step yet. */
export async function isFlying(record: AutopilotRecord): Promise<boolean> {
  if (await isLeaseHeld(leaseOf(record))) return true;
  const run = await readDetached(record);
  return run !== null && livenessOf(run.owner, currentOwner()) === 'alive';
}

/** Of one that begins. */
export function newReport(project: string, startedAt: Date): AutopilotReport {
  return {
    schemaVersion: 1,
    project,
    state: 'running',
    ...{ outcome: null, why: null, detail: null, next: null, bounds: null },
    ...{ steps: [], questions: [], notices: [], waves: [] },
    startedAt: startedAt.toISOString(),
    endedAt: null,
  };
}

export async function readReport({ folder }: AutopilotRecord): Promise<AutopilotReport | null> {
  const parsed = autopilotReportSchema.safeParse(parseJson(await readText(join(folder, 'report.json'))));
  return parsed.success ? parsed.data : null;
}

export function writeReport({ folder }: AutopilotRecord, report: AutopilotReport): Promise<Result<void>> {
  return writeDurable(join(folder, 'report.json'), `${canonicalJson(report)}\n`);
}

export async function readDetached({ folder }: AutopilotRecord): Promise<DetachedRun | null> {
  const text = await readText(join(folder, 'detached.json'));
  // Written by `noteDetached` alone, whole; whoever else writes below `.git` can do worse.
  return text === null ? null : (parseJson(text) as DetachedRun | null);
}

export function noteDetached({ folder }: AutopilotRecord, run: DetachedRun): Promise<Result<void>> {
  return writeDurable(join(folder, 'detached.json'), `${canonicalJson(run)}\n`);
}

/** Keys of what was told to people already. */
export async function readTold({ folder }: AutopilotRecord): Promise<Set<string>> {
  const parsed = parseJson(await readText(join(folder, 'told.json')));
  return new Set(Array.isArray(parsed) ? parsed.filter((one) => typeof one === 'string') : []);
}

export function writeTold({ folder }: AutopilotRecord, told: ReadonlySet<string>): Promise<Result<void>> {
  return writeDurable(join(folder, 'told.json'), `${canonicalJson([...told].sort())}\n`);
}
