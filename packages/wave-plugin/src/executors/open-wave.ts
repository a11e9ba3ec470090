import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ExecutorContext } from '@nx/devkit';
import { config } from 'zod';
import { digestOf, err, failure, type Failure, type Result } from '@nx-wave/schemas/plain';
import { unsupportedMachine, type ProcessFacts } from '../core/supported-machine';
import { createGitEdge } from '../edges/git/git-edge';
import { ownerOf, processStartTime } from '../edges/lease/owner';
import { createAdapterIo } from '../edges/processes/adapter-io';
import { createCancellation } from '../edges/processes/cancellation';
import { createRedactor } from '../edges/processes/redact';
import { openRunnerNotes } from '../edges/store/runner-notes';
import { createSshSignatures } from '../edges/processes/ssh-signatures';
import { createProcessEdge } from '../edges/processes/supervise';
import { type Edges } from '../engine/session/edges';
import { openSession, type Session } from '../engine/session/session';
import { type NxTarget } from '../proof/contracts';
import { announceTo, printTo } from './terminal';

/** Where the project of a wave keeps what an executor needs: project metadata is not part of any task hash. */
export interface WaveMetadata {
  path: string;
  include: string[];
  /** Other wave files that claim the same project name and are ignored. */
  shadowed?: string[];
  /** Defaults of nx.json that reach targets of the project: errors stop them, warnings are advice. */
  settings?: Failure[];
}

/** The wave of the project that a task belongs to; null when the project is none of ours. `wave`: what a task knows that is no executor. */
export function waveMetadata(context: ExecutorContext & { wave?: WaveMetadata }): WaveMetadata | null {
  if (context.wave !== undefined) return context.wave;
  const project = context.projectsConfigurations.projects[context.projectName ?? ''];
  const wave = (project?.metadata as { wave?: WaveMetadata } | undefined)?.wave;
  return wave ?? null;
}

/** The same for a wave file; null where another one has its project name. */
export function metadataOf({ projectsConfigurations }: ExecutorContext, path: string): WaveMetadata | null {
  for (const { metadata } of Object.values(projectsConfigurations.projects)) {
    const { wave } = (metadata ?? {}) as { wave?: WaveMetadata };
    if (wave?.path === path) return wave;
  }
  return null;
}

/** What settings of the workspace do to the projects of these wave files. */
export function settingsOf(context: ExecutorContext, waves: readonly string[]): Failure[] {
  return Object.values(context.projectsConfigurations.projects).flatMap(({ metadata }) => {
    const { wave } = (metadata ?? {}) as { wave?: WaveMetadata };
    return wave !== undefined && waves.includes(wave.path) ? (wave.settings ?? []) : [];
  });
}

/** A folder that only this user can enter; someone else's folder of that name is refused. */
function privateScratchRoot(workspaceRoot: string): Result<string> {
  const uid = process.getuid?.() ?? -1;
  const root = join(tmpdir(), `nx-wave-${uid}`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const info = lstatSync(root);
  if (!info.isDirectory() || (uid >= 0 && info.uid !== uid)) {
    return err(
      failure('checkout-failed', `${root} belongs to someone else.`, {
        next: 'Remove it, or set TMPDIR to a folder of your own.',
      }),
    );
  }
  if ((info.mode & 0o077) !== 0) chmodSync(root, 0o700);
  const folder = join(root, digestOf(workspaceRoot).slice(0, 12));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { ok: true, value: folder };
}

/** Asked of the system, whatever HOME says; a container may run under a number that no account has. */
function accountHome(): { accountHome?: string } {
  try {
    const { homedir } = userInfo();
    return homedir.startsWith('/') && homedir !== '/' ? { accountHome: homedir } : {};
  } catch {
    return {};
  }
}

/** The longest delay that a timer can hold: it fires at once for more. */
const longestDelayMs = 2 ** 31 - 1;

/** Resolves after `ms`, however many they are, or at once when the signal aborts. */
export async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !signal.aborted; left -= longestDelayMs)
    await delay(Math.min(left, longestDelayMs), undefined, { signal }).catch(() => undefined);
}

/** What decides whether this process can run waves. */
const here = (): ProcessFacts => ({
  platform: process.platform,
  plugAndPlay: process.versions['pnp'] !== undefined,
});

/** The real edges of one executor process; none where no wave can run, and then nothing is made. */
export function openEdges(workspaceRoot: string, facts = here()): Result<Edges> {
  // Writing and compiling a function for each schema pays in a process that reads many documents, and a task reads few.
  config({ jitless: true });
  const unsupported = unsupportedMachine(facts);
  if (unsupported !== null) return err(unsupported);
  const scratchRoot = privateScratchRoot(workspaceRoot);
  if (!scratchRoot.ok) return scratchRoot;
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const redactor = createRedactor({ env });
  return {
    ok: true,
    value: {
      env,
      now: () => new Date(),
      clock: {
        now: () => performance.now(),
        sleep: sleepFor,
      },
      git: createGitEdge({ env, tmpDir: scratchRoot.value }),
      processes: createProcessEdge(),
      adapterIo: createAdapterIo(env['PATH'] ?? ''),
      signatures: createSshSignatures(env, scratchRoot.value),
      print: printTo(redactor),
      announce: announceTo(redactor),
      signal: createCancellation(process),
      scratchRoot: scratchRoot.value,
      machineRoot: dirname(scratchRoot.value),
      ...accountHome(),
      notes: openRunnerNotes(join(dirname(scratchRoot.value), 'written')),
      runOwner: ownerOf(process.ppid),
      runId: `${process.ppid}-${digestOf(processStartTime(process.ppid) ?? '').slice(0, 8)}`,
    },
  };
}

/** Opens the wave of a task with the real edges. */
export async function openWave(
  context: ExecutorContext,
  executor?: string,
): Promise<Result<Session, Failure[]>> {
  const metadata = waveMetadata(context);
  if (metadata === null) return err([noWave(context)]);
  const edges = openEdges(context.root);
  if (!edges.ok) return err([edges.error]);
  return openWaveWith(context, edges.value, { metadata, executor });
}

export function noWave({ projectName }: ExecutorContext): Failure {
  return failure('option-invalid', `${projectName ?? 'This project'} is no wave of @nx-wave/plugin.`);
}

/** The same with edges that are there, which print without the secrets of the wave from then on. */
export async function openWaveWith(
  context: ExecutorContext,
  edges: Edges,
  { metadata, executor }: { metadata: WaveMetadata; executor?: string | undefined },
): Promise<Result<Session, Failure[]>> {
  const session = await openSession(
    {
      workspaceRoot: context.root,
      wavePath: metadata.path,
      include: metadata.include,
      nxTarget: (project, target) => nxTargetOf(context, project, target),
      ...(executor === undefined ? {} : { executor }),
    },
    edges,
  );
  if (!session.ok) return session;
  edges.print = printTo(session.value.redactor);
  edges.announce = announceTo(session.value.redactor);
  session.value.warnings.push(...duplicates(metadata, session.value.wave.identity.project));
  return session;
}

/** A target of the workspace as Nx has read it, with what plugins infer. */
function nxTargetOf(
  { projectsConfigurations }: ExecutorContext,
  project: string,
  name: string,
): NxTarget | null {
  const known = projectsConfigurations.projects[project];
  const target = known?.targets?.[name];
  if (known === undefined || target === undefined) return null;
  const { executor = null, options, command } = target;
  return {
    projectRoot: known.root === '.' ? '' : known.root,
    executor,
    options: {
      ...(options as Record<string, unknown> | undefined),
      ...(command === undefined ? {} : { command }),
    },
  };
}

function duplicates({ path, shadowed = [] }: WaveMetadata, project: string): Failure[] {
  return shadowed.map((other) =>
    failure('wave-duplicate-project', `It claims the project ${project}, which ${path} has: it is ignored.`, {
      severity: 'warning',
      place: { path: other },
      next: 'Rename or move one of the two.',
    }),
  );
}
