import type { ProofCommandResult } from '@nx-wave/schemas';
import type { Checkout } from '../../edges/git/contracts';
import { proofEnvironment } from '../../edges/git/proof-environment';
import { describeCommandLineProblem, splitCommandLine } from '../../core/command-line';
import { createLineSplitter } from '../../edges/processes/lines';
import type { Redactor } from '../../edges/processes/redact';
import type { Session } from '../session/session';
import { tailBuffer } from './tail-buffer';

export interface ProofRun {
  checkout: Checkout;
  commands: string[];
  /** Ends everything that a command leaves behind. */
  marker: string;
  /** Stops after the first failure: enough to know that a set of slices is red. */
  stopAtFirst?: boolean;
}

/** Runs proof commands one after the other, without a shell, with an environment of their own, each within `limits.proofMinutes`; what they print is kept without secrets. Never throws for a red one. */
export async function runProofCommands(session: Session, run: ProofRun): Promise<ProofCommandResult[]> {
  const results: ProofCommandResult[] = [];
  for (const command of run.commands) {
    const result = await runProofCommand(session, run, command);
    results.push(result);
    if (run.stopAtFirst && result.outcome !== 'passed') break;
  }
  return results;
}

async function runProofCommand(
  session: Session,
  run: ProofRun,
  command: string,
): Promise<ProofCommandResult> {
  const { edges, redactor } = session;
  const line = splitCommandLine(command);
  const [program, ...args] = line.ok ? line.words : [];
  if (!line.ok || program === undefined) {
    const why = line.ok ? 'it is empty' : describeCommandLineProblem(line);
    return {
      command,
      exitCode: null,
      outcome: 'invalid',
      durationMs: 0,
      tail: `Not a plain command line: ${why}.`,
    };
  }
  const tail = tailBuffer(60);
  const output = {
    stdout: redactedLines(redactor, tail.add),
    stderr: redactedLines(redactor, tail.add),
  };
  const exit = await edges.processes.supervise(program, args, {
    cwd: run.checkout.workspaceDir,
    ownFolder: run.checkout.root,
    env: proofEnvironment(edges.env, run.checkout, run.marker),
    stdin: '',
    hardLimitMs: session.wave.settings.limits.proofMinutes * 60_000,
    idleLimitMs: 0,
    signal: edges.signal,
    onOutput: (chunk, stream) => output[stream].push(chunk),
  });
  output.stdout.end();
  output.stderr.end();
  const base = { command, exitCode: exit.code, durationMs: exit.durationMs, tail: tail.text() };
  if (exit.cause === 'timeout') return { ...base, outcome: 'timeout' };
  if (exit.cause === 'spawn-error')
    return { ...base, outcome: 'missing', tail: exit.errorCode ?? 'could not be started' };
  return { ...base, outcome: exit.cause === 'exit' && exit.code === 0 ? 'passed' : 'failed' };
}

function redactedLines(redactor: Redactor, onLine: (line: string) => void) {
  const redactLine = redactor.createLineRedactor();
  return createLineSplitter({ onLine: (line) => onLine(redactLine(line)), safeCut: redactor.safeCut });
}
