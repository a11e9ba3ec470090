import type { ProofCommandResult } from '@nx-wave/schemas';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { Checkout } from '../../edges/git/contracts';
import { proofEnvironment } from '../../edges/git/proof-environment';
import { fileTimeMs } from '../../edges/git/outside-state';
import { openProofHome, type ProofHome, type ProofHomePolicy } from '../../edges/git/proof-home';
import type { HeldCage } from '../../core/cage/hold-cage';
import { cageFailed, toldUncaged } from '../../core/cage/uncaged';
import { describeCommandLineProblem, splitCommandLine } from '../../core/command-line';
import { visibleName } from '../../core/terminal-text';
import { isMachineStart } from '../../core/verify/machine-start';
import { isOwned } from '../../core/verify/owned-paths';
import { usersHomeTold } from '../../core/verify/proof-ground';
import { neededHost } from '../../core/verify/network-need';
import { judgeWrites, namePaths, type WriteGuard } from '../../core/verify/proof-writes';
import { createLineSplitter } from '../../edges/processes/lines';
import { startRemedy } from '../../edges/processes/start-remedy';
import type { Redactor } from '../../edges/processes/redact';
import { cageFor, plannedCage, proofCageSettings } from '../session/cages';
import type { Session } from '../session/session';
import type { TestObserver } from './observe-tests';
import { shownOutside, tellOutside, watchOutside, type OutsideWatch } from './outside-watch';
import { tailBuffer } from './tail-buffer';

export interface ProofRun {
  checkout: Checkout;
  commands: string[];
  /** Ends everything that a command leaves behind. */
  marker: string;
  /** What the commands may not change; absent where they are there to write (`workspace.setup`). */
  guard?: WriteGuard;
  /** For `workspace.setup`: what the commands leave in their home is there for the proof commands. */
  setup?: boolean;
  /** Watches which tests run. */
  observer?: TestObserver;
  /** What a person may have changed while the commands ran without a cage is told as well; gets the paths. */
  onOutside?(told: string[]): void;
  /** Shorter than `limits.proofMinutes`, where a command is only tried. */
  limitMs?: number;
  /** Stops after the first failure: enough to know that a set of slices is red. */
  stopAtFirst?: boolean;
}

/** Whose home the commands of a wave work with. */
export function homePolicy({ programEnv, wave }: Session): ProofHomePolicy {
  return { home: wave.settings.proof.home, env: programEnv };
}

/** Says so where proof commands work with the home of the person. */
export function tellHome({ edges, wave }: Session): void {
  if (wave.settings.proof.home === 'user') edges.print(`advisory: ${usersHomeTold}`);
}

/** Says so where no cage could be had. `who`: "proof commands". */
export function tellUncaged({ edges }: Session, who: string, { cage, why }: HeldCage): void {
  if (cage === 'none') edges.print(`${who} run ${toldUncaged(why)}`);
}

/**
 * Runs proof commands one after the other, without a shell, with an environment of their own, each within `limits.proofMinutes`; what they print is kept without secrets. A red one is a result. Where the machine could not run or check one (no space, no
 * permission, no descriptors, no cage where one is required, one that could not be made), nothing is known of the work: codes
 * disk-full, state-unwritable, cage-missing, cage-failed.
 */
export async function runProofCommands(
  session: Session,
  run: ProofRun,
): Promise<Result<ProofCommandResult[]>> {
  const sinceMs = fileTimeMs();
  const watch = await watchUncaged(session, run);
  const results = await runEach(session, run, watch);
  if (watch !== null) {
    const told = tellOutside(session, 'proof commands', await watch.told());
    if (told.length > 0) run.onOutside?.(told);
    await tellPackages(session, run, sinceMs);
  }
  return results;
}

async function runEach(
  session: Session,
  run: ProofRun,
  watch: OutsideWatch | null,
): Promise<Result<ProofCommandResult[]>> {
  const results: ProofCommandResult[] = [];
  const stays = await readyTree(session, run);
  const home = await openProofHome(run.checkout, homePolicy(session), { setup: run.setup === true });
  for (const command of run.commands) {
    const ran = home.ok
      ? await runProofCommand(session, { ...run, home: home.value }, command)
      : notRun(command, home.error);
    await run.observer?.end(command);
    if (!ran.ok) return ran;
    const result =
      run.guard === undefined
        ? ran
        : await checkTree(session, { ...run, guard: run.guard, stays }, ran.value);
    if (!result.ok) return result;
    const kept = watch === null ? result.value : await checkOutside(session, watch, result.value);
    results.push(kept);
    if (run.stopAtFirst && kept.outcome !== 'passed') break;
  }
  return ok(results);
}

/** Null where a cage stands around the commands. */
async function watchUncaged(
  session: Session,
  { commands, onOutside }: ProofRun,
): Promise<OutsideWatch | null> {
  const cage = await plannedCage(session, proofCageSettings(session));
  if (commands.length === 0 || !cage.ok || (cage.value.cage !== 'none' && cage.value.cage !== 'off'))
    return null;
  return watchOutside(session, { tells: onOutside !== undefined });
}

/** What a command without a cage has changed outside of its checkout that nobody else can have: its own fault. */
async function checkOutside(
  session: Session,
  watch: OutsideWatch,
  result: ProofCommandResult,
): Promise<ProofCommandResult> {
  const { paths } = await watch.refused();
  if (paths.length === 0) return result;
  const outside = paths.map((path) => shownOutside(session, path));
  return { ...result, outcome: 'outside-writes', changedFiles: outside };
}

/**
 * Tells what was written through the links of a checkout into the packages of the person. Once for all commands: it takes a
 * walk through all of them. Where nobody wants a cage, nobody is told.
 */
async function tellPackages(
  session: Session,
  { checkout, onOutside }: ProofRun,
  sinceMs: number,
): Promise<void> {
  const { edges } = session;
  const cage = await plannedCage(session, proofCageSettings(session));
  if (onOutside === undefined || (cage.ok && cage.value.cage === 'off')) return;
  const written = await edges.git.findWritesThroughLinks(checkout, sinceMs);
  for (const path of written)
    edges.print(`warning: ${visibleName(path)} of your own node_modules changed while proof commands ran`);
  if (written.length > 0) onOutside(written);
}

type Stays = (path: string) => boolean;

/** What `workspace.setup` wrote into tracked files is put back before the first command, and what it made stays. */
async function readyTree({ edges, wave }: Session, { checkout, guard }: ProofRun): Promise<Stays> {
  const { stateRoot } = wave.identity;
  const allowed = (path: string) =>
    path.startsWith(`${stateRoot}/`) || (guard !== undefined && isOwned(guard.mayWrite, path));
  if (guard === undefined || wave.settings.workspace.setup.length === 0) return allowed;
  const made = new Set<string>();
  const written = await edges.git.putBack(checkout, (path) => made.add(path).has(path));
  const changed = written.ok ? written.value.map(({ path }) => path) : [];
  if (changed.length > 0) edges.print(`workspace.setup changed ${namePaths(changed)}: put back.`);
  return (path) => made.has(path) || allowed(path);
}

/** Compares the tree with what was there before the command, and puts back what it wrote. */
async function checkTree(
  { edges }: Session,
  { checkout, guard, stays }: ProofRun & { guard: WriteGuard; stays: Stays },
  result: ProofCommandResult,
): Promise<Result<ProofCommandResult>> {
  const written = await edges.git.putBack(checkout, stays);
  if (!written.ok) {
    if (isOfMachine(written.error)) return written;
    const tail = `${result.tail}\nWhat it wrote could not be found out: ${written.error.message}`;
    return ok({ ...result, outcome: 'failed', tail });
  }
  const { refused, putBack } = judgeWrites(written.value, guard);
  if (putBack.length > 0)
    edges.print(
      `advisory: \`${result.command}\` wrote ${namePaths(putBack)}: put back, because it does not land.`,
    );
  if (refused.length === 0) return ok(result);
  const outcome = result.outcome === 'passed' ? 'changed-files' : result.outcome;
  return ok({ ...result, outcome, changedFiles: refused });
}

/** Whether a failure tells of the machine, and so nothing of the work. */
export function isOfMachine({ code }: Failure): boolean {
  return ['disk-full', 'state-unwritable', 'cage-missing', 'cage-failed'].includes(code);
}

function notRun(command: string, error: Failure): Result<ProofCommandResult> {
  if (isOfMachine(error)) return err(error);
  return ok({ command, exitCode: null, outcome: 'failed', durationMs: 0, tail: error.message });
}

async function runProofCommand(
  session: Session,
  run: ProofRun & { home: ProofHome },
  command: string,
): Promise<Result<ProofCommandResult>> {
  const { edges, redactor, wave } = session;
  const line = splitCommandLine(command);
  const [program, ...args] = line.ok ? line.words : [];
  if (!line.ok || program === undefined) {
    const why = line.ok ? 'it is empty' : describeCommandLineProblem(line);
    return ok({
      command,
      exitCode: null,
      outcome: 'invalid',
      durationMs: 0,
      tail: `Not a plain command line: ${why}.`,
    });
  }
  const renewed = run.setup === true ? ok(undefined) : await run.home.renew();
  if (!renewed.ok) return notRun(command, renewed.error);
  const extra = (await run.observer?.begin(command)) ?? {};
  const tail = tailBuffer(60);
  const output = {
    stdout: redactedLines(redactor, tail.add),
    stderr: redactedLines(redactor, tail.add),
  };
  const cage = await cageFor(session, proofCageSettings(session), { checkout: run.checkout });
  if (!cage.ok) return cage;
  const { policy, network } = cage.value;
  const exit = await edges.processes.supervise(program, args, {
    cwd: run.checkout.workspaceDir,
    ownFolder: run.checkout.root,
    env: proofEnvironment(session.programEnv, {
      checkout: run.checkout,
      marker: run.marker,
      home: run.home.variables,
      variables: [...wave.settings.proof.env, ...observing(wave.settings.proof.env, extra)],
    }),
    stdin: '',
    hardLimitMs: Math.min(wave.settings.limits.proofMinutes * 60_000, run.limitMs ?? Infinity),
    idleLimitMs: 0,
    signal: edges.signal,
    onOutput: (chunk, stream) => output[stream].push(chunk),
    use: { ...wave.settings.limits, folder: run.checkout.home },
    ...(policy === undefined ? {} : { cage: policy }),
  });
  for (const lines of Object.values(output)) lines.end();
  const base = { command, exitCode: exit.code, durationMs: exit.durationMs, tail: tail.text() };
  if (exit.cause === 'timeout') return ok({ ...base, outcome: 'timeout' });
  if (exit.cause === 'exhausted')
    return ok({ ...base, outcome: 'exhausted', tail: `${base.tail}\n${exit.exceeded}`.trim() });
  if (exit.cageProblem !== undefined) return err(cageFailed(`\`${command}\``, exit.cageProblem));
  if (exit.cause === 'spawn-error')
    return unstarted(base, { program, root: run.checkout.root, code: exit.errorCode });
  if (exit.cause === 'exit' && exit.code === 0) return ok({ ...base, outcome: 'passed' });
  const host = policy === undefined || network === 'open' ? null : neededHost(base.tail, exit.denied);
  return ok(host === null ? { ...base, outcome: 'failed' } : { ...base, outcome: 'needs-network', host });
}

/** Where the machine could not start a command, nothing is known of the work. */
function unstarted(
  base: Pick<ProofCommandResult, 'command' | 'exitCode' | 'durationMs'>,
  { program, root, code }: { program: string; root: string; code: string | null },
): Result<ProofCommandResult> {
  if (code === null || !isMachineStart(code, program, root))
    return ok({ ...base, outcome: 'missing', tail: code ?? 'could not be started' });
  const message = `\`${base.command}\` could not be started: the machine answers ${code}.`;
  return err(failure('state-unwritable', message, { next: startRemedy(code, program) }));
}

/** What watching adds, as entries of `proof.env`: options of Node join those that stand there. */
function observing(given: readonly string[], extra: Readonly<Record<string, string>>): string[] {
  return Object.entries(extra).map(([name, value]) => {
    const own = given.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
    return `${name}=${own === undefined || name !== 'NODE_OPTIONS' ? value : `${own} ${value}`}`;
  });
}

function redactedLines(redactor: Redactor, onLine: (line: string) => void) {
  const redactLine = redactor.createLineRedactor();
  return createLineSplitter({ onLine: (line) => onLine(redactLine(line)), safeCut: redactor.safeCut });
}
