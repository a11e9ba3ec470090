import type { ProofCommandResult } from '@nx-wave/schemas';
import type { Checkout } from '../../edges/git/contracts';
import { proofEnvironment } from '../../edges/processes/proof-environment';
import { describeCommandLineProblem, splitCommandLine } from '../../core/command-line';
import { createLineSplitter } from '../../edges/processes/lines';
import type { Redactor } from '../../edges/processes/redact';
import type { Edges } from '../session/edges';
import { tailBuffer } from './tail-buffer';

export interface ProofRun {
  checkout: Checkout;
  commands: string[];
  /** Limit of one command. */
  limitMs: number;
  /** Ends everything that a command leaves behind. */
  marker: string;
  /** What a command prints is kept in bundles and verdicts. */
  redactor: Redactor;
  /** Stops after the first failure: enough to know that a set of slices is red. */
  stopAtFirst?: boolean;
}

/** Runs proof commands one after the other, without a shell, with an environment of their own. Never throws for a red one. */
export async function runProofCommands(run: ProofRun, edges: Edges): Promise<ProofCommandResult[]> {
  const results: ProofCommandResult[] = [];
  for (const command of run.commands) {
    const result = await runProofCommand(run, command, edges);
    results.push(result);
    if (run.stopAtFirst && result.outcome !== 'passed') break;
  }
  return results;
}

async function runProofCommand(run: ProofRun, command: string, edges: Edges): Promise<ProofCommandResult> {
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
    stdout: redactedLines(run.redactor, tail.add),
    stderr: redactedLines(run.redactor, tail.add),
  };
  const exit = await edges.processes.supervise(program, args, {
    cwd: run.checkout.workspaceDir,
    ownFolder: run.checkout.root,
    env: proofEnvironment(edges.env, run.checkout, run.marker),
    stdin: '',
    hardLimitMs: run.limitMs,
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
