import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCageEdge } from './cage/cage-edge';
import type { CagePolicy } from '../../core/cage/cage-policy';
import { type CageEdge } from './cage/contracts';
import { type ProcessEdge, type ProcessExit, type SuperviseOptions } from './contracts';
import { defaultGraceMs, endProcesses, keyOf, pause } from './end-processes';
import {
  type ProcessEntry,
  type ProcessTable,
  bornSince,
  createProcessTable,
  descendantsOf,
  runMarkerName,
} from './process-table';
import { loadExeca } from './execa';
import { createUseWatch } from './use-watch';
import { startProgram, type StartedProgram } from './start-program';

/** How often the family is written down, so that a child that leaves it later is still known. */
const censusMs = 1_000;
/** A stranger may have inherited our pipe and keep it open: this long is waited for the last output. */
const drainMs = 1_000;
/** Nx ends a tree of processes leaf by leaf and waits for each; after five seconds it kills what is left, so us. */
const toldLaterMs = 5_000;

export interface ProcessEdgeOptions {
  /** Milliseconds between SIGTERM and SIGKILL. */
  graceMs?: number;
  table?: ProcessTable;
  /** The cages of this machine; those of the environment of this process where absent. */
  cages?: CageEdge;
}

/** Starts programs in a process group of their own, without a shell and without any inherited environment. */
export function createProcessEdge(options: ProcessEdgeOptions = {}): ProcessEdge {
  const table = options.table ?? createProcessTable();
  const graceMs = options.graceMs ?? defaultGraceMs;
  const folder = join(tmpdir(), `nx-wave-${process.getuid?.() ?? 'user'}`, 'cage');
  const cages = options.cages ?? createCageEdge({ env: process.env, folder });
  return {
    cages,
    supervise: (command, args, superviseOptions) =>
      supervise({ command, args, ...superviseOptions }, { table, graceMs, cages }),
    endMarked: (marker) => endProcesses(table, () => listOthers(table, marker), { graceMs }),
  };
}

/** Never this process: a runner may itself be started under the marker of an outer run. */
async function listOthers(
  table: ProcessTable,
  marker: string,
  among?: readonly ProcessEntry[],
): Promise<ProcessEntry[]> {
  return (await table.listMarked(marker, among)).filter(({ pid }) => pid !== process.pid);
}

interface Tools {
  table: ProcessTable;
  graceMs: number;
  cages: CageEdge;
}

type Supervised = SuperviseOptions & { command: string; args: string[] };

/** What a cage is made around may be gone when it stands: a socket, a file of the person. It is then made anew. */
const mostCages = 3;

/** In its cage, where it has one: everything else is the same inside and outside. */
async function supervise(options: Supervised, tools: Tools): Promise<ProcessExit> {
  const { cage, signal } = options;
  if (cage === undefined) return superviseStart(options, tools);
  for (let made = 1; ; made += 1) {
    if (signal.aborted) return superviseStart(options, tools);
    const exit = await superviseCaged(options, cage, tools);
    if (exit.cageProblem === undefined || made === mostCages) return exit;
  }
}

async function superviseCaged(options: Supervised, cage: CagePolicy, tools: Tools): Promise<ProcessExit> {
  const startedAt = performance.now();
  const caged = await tools.cages.enclose(options, cage);
  if ('errorCode' in caged || 'cageProblem' in caged)
    return { ...notStarted, errorCode: null, ...caged, durationMs: since(startedAt) };
  const { guarded, close, ...start } = caged;
  let exit: ProcessExit | undefined;
  try {
    exit = await superviseStart({ ...options, ...start }, { ...tools, guarded });
  } finally {
    const denied = await close();
    if (exit !== undefined && denied.length > 0) exit.denied = denied;
  }
  return guarded ? { ...exit, ...toldByGuard(exit) } : exit;
}

const since = (startedAt: number): number => Math.round(performance.now() - startedAt);

/** A guard tells the signal that ended its program as a shell does: 128 and its number. */
function toldByGuard({ code, signal }: ProcessExit): Pick<ProcessExit, 'code' | 'signal'> {
  const ended = Object.entries(constants.signals).find(([, number]) => number + 128 === code);
  return ended === undefined ? { code, signal } : { code: null, signal: ended[0] };
}

async function superviseStart(
  options: Supervised,
  { table, graceMs, guarded = false }: Pick<Tools, 'table' | 'graceMs'> & { guarded?: boolean },
): Promise<ProcessExit> {
  // Before the clock starts, and before the last look at the signal: from here on nothing waits.
  await loadExeca();
  await hearSignals();
  const startedAt = performance.now();
  const finish = (exit: Omit<ProcessExit, 'durationMs'>): ProcessExit => ({
    ...exit,
    durationMs: since(startedAt),
  });
  if (options.signal.aborted)
    return finish({ code: null, signal: null, cause: 'cancelled', errorCode: null });

  const { command, args, cwd, env } = options;
  const program = await startProgram(command, args, { cwd, env, detached: true, tells: guarded });
  if ('errorCode' in program) {
    const { errorCode, message } = program;
    return finish({ ...notStarted, errorCode, ...(guarded ? cageEnd(message) : {}) });
  }
  const { pid, stdin, stdout, stderr } = program;
  const guard = guarded ? hearGuard(program) : null;
  const ended = waitForExit(program);
  options.onStart?.(pid);

  const family = createFamily(table, pid, {
    marker: env[runMarkerName] ?? null,
    ownFolder: options.ownFolder ?? null,
  });
  const watch = watchLimits(options, startedAt);
  for (const name of ['stdout', 'stderr'] as const)
    program[name].on('data', (chunk: Uint8Array) => {
      watch.sawOutput();
      options.onOutput(chunk, name);
    });
  stdin.end(options.stdin);

  void family.observe();
  let exceeded: string | null = null;
  const use = options.use === undefined ? null : createUseWatch(options.use);
  const takeCensus = async (): Promise<void> => {
    const { seen } = await family.observe();
    exceeded ??= use?.look(seen.map((one) => one.pid)) ?? null;
    if (exceeded !== null) watch.trip('exhausted');
  };
  const census = setInterval(() => void takeCensus(), censusMs);
  const cause = await Promise.race([watch.tripped, ended.then((exit) => causeOf(exit, options.signal))]);
  clearInterval(census);
  watch.stop();
  await endProcesses(table, () => family.living(cause !== 'exit'), {
    graceMs: options.graceMs ?? graceMs,
    group: pid,
    ...(guarded ? { guard: pid } : {}),
  });
  const { code, signal } = await ended;
  // A timer may be late itself: what stands in the pipe by then is read first.
  await Promise.race([program.closed, pause(drainMs).then(nextTurn)]);
  const unstarted = guard === null || cause !== 'exit' || code === null ? null : await guard.problem();
  stdout.destroy();
  stderr.destroy();
  program.told?.destroy();
  if (unstarted !== null) return finish({ ...notStarted, ...unstarted });
  return finish({ code, signal, cause, errorCode: null, ...(exceeded === null ? {} : { exceeded }) });
}

const notStarted = { code: null, signal: null, cause: 'spawn-error' } as const;

/** No program was started: the guard was not, or has ended before. */
function cageEnd(cageProblem: string): Pick<ProcessExit, 'errorCode' | 'cageProblem'> {
  return { errorCode: null, cageProblem };
}

/** How much is kept of what a guard says. */
const mostHeard = 4_096;

/**
 * Listens to a guard: it tells the exit code of its program on a descriptor that the program does not have, and none where
 * there was no program. `problem` is asked once it has ended.
 */
function hearGuard({ told, stderr, closed }: StartedProgram) {
  const [status, said] = [keepStart(told), keepStart(stderr)];
  const hasRun = () => status().includes('"exit-code"');
  return {
    problem: async (): Promise<Pick<ProcessExit, 'errorCode' | 'cageProblem'> | null> => {
      // Everything that held the pipes has ended with the guard: what it told is there to be read.
      if (!hasRun()) await closed;
      if (hasRun()) return null;
      const line = said().trim().split('\n').at(-1) ?? '';
      const missing = /^bwrap: execvp .*: (No such file or directory|Permission denied)$/.exec(line);
      if (missing !== null) return { errorCode: missing[1] === 'Permission denied' ? 'EACCES' : 'ENOENT' };
      return cageEnd(line === '' ? 'its guard has ended without a word' : line);
    },
  };
}

function keepStart(stream: StartedProgram['told']): () => string {
  let kept = '';
  stream?.on('data', (chunk: Uint8Array) => {
    if (kept.length < mostHeard) kept += Buffer.from(chunk).toString('latin1');
  });
  return () => kept;
}

/** `exit`, not `closed`: a child that survives keeps the pipes open for ever. */
function waitForExit({ child }: StartedProgram): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/**
 * A program that was asked to end by somebody else, as a signal or as a shell tells it, may be the first of its tree that is
 * ended: whoever ended it comes to this process as well, and then its end says nothing of the program.
 */
async function causeOf(
  { code, signal }: { code: number | null; signal: string | null },
  cancellation: AbortSignal,
): Promise<'exit' | 'cancelled'> {
  const polite = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
  if (!polite.some((name) => name === signal || constants.signals[name] + 128 === code)) return 'exit';
  const told = () => cancellation.aborted;
  for (const end = performance.now() + toldLaterMs; !told() && performance.now() < end;) await pause(50);
  return told() ? 'cancelled' : 'exit';
}

/** Everything that the program has started, directly or not, as far as it was ever seen. */
function createFamily(
  table: ProcessTable,
  pid: number,
  { marker, ownFolder }: { marker: string | null; ownFolder: string | null },
) {
  let first: ProcessEntry | null = null;
  const known = new Map<string, ProcessEntry>();
  const observe = async (): Promise<{ all: ProcessEntry[]; seen: ProcessEntry[] }> => {
    const all = await table.list();
    const now = new Map(all.map((entry) => [keyOf(entry), entry]));
    for (const key of known.keys()) if (!now.has(key)) known.delete(key);
    // Only while it is our child: afterwards the number may belong to a stranger.
    const root = all.filter((entry) => entry.pid === pid && entry.ppid === process.pid);
    first ??= root[0] ?? null;
    const roots = [...root, ...known.values()].map((entry) => entry.pid);
    for (const entry of descendantsOf(all, roots)) known.set(keyOf(entry), entry);
    return { all, seen: [...root, ...known.values()] };
  };
  return {
    observe,
    /** Who is still there; the program itself only where it is to be ended. */
    living: async (includeRoot: boolean): Promise<ProcessEntry[]> => {
      const { all, seen } = await observe();
      // Whoever has the marker has it from this process, and is younger.
      const self = all.find((entry) => entry.pid === process.pid);
      const younger = self === undefined ? all : bornSince(self, all);
      const marked = marker === null ? [] : await listOthers(table, marker, younger);
      // A program that has ended before this process came to look at it was born after this process all the same.
      const since = first ?? self;
      const inside = ownFolder === null || since === undefined ? [] : table.listInside(ownFolder, since, all);
      return [...seen, ...marked, ...inside.filter((entry) => entry.pid !== process.pid)].filter(
        (entry) => includeRoot || entry.pid !== pid,
      );
    },
  };
}

type Tripped = 'timeout' | 'idle' | 'cancelled' | 'exhausted';

/** Resolves once with the limit that was reached; never when the program ends by itself. */
function watchLimits(options: SuperviseOptions, startedAt: number) {
  let trip: (cause: Tripped) => void = () => undefined;
  const tripped = new Promise<Tripped>((resolve) => {
    trip = resolve;
  });
  const cancel = () => trip('cancelled');
  options.signal.addEventListener('abort', cancel, { once: true });
  if (options.signal.aborted) cancel();
  const hard = setTimeout(() => trip('timeout'), clampDelay(options.hardLimitMs));
  let lastOutput = startedAt;
  const quiet = () => performance.now() - lastOutput;
  let idle: NodeJS.Timeout | undefined;
  // One timer that re-arms itself for the rest, instead of a new timer per chunk.
  const armIdle = (): void => {
    if (options.idleLimitMs <= 0) return;
    const left = options.idleLimitMs - quiet();
    if (left <= 0) void nextTurn().then(() => (quiet() < options.idleLimitMs ? armIdle() : trip('idle')));
    else idle = setTimeout(armIdle, clampDelay(left));
  };
  armIdle();
  return {
    tripped,
    trip,
    sawOutput: () => {
      lastOutput = performance.now();
    },
    stop: () => {
      clearTimeout(hard);
      clearTimeout(idle);
      options.signal.removeEventListener('abort', cancel);
    },
  };
}

/** When what has come in by now has been read, though this process was late to look. */
/**
 * What came before may have been done in one go: a signal that has come is told when the loop has polled, and whoever is called
 * by a poll meets the next one only in the second turn.
 */
async function hearSignals(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** setTimeout fires at once for delays beyond 31 bits. */
function clampDelay(ms: number): number {
  return Math.max(1, Math.min(Math.ceil(ms), 2 ** 31 - 1));
}
