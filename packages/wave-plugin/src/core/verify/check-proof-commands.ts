import type { ProofCommandResult } from '@nx-wave/schemas';
import type { Failure, FailureCode } from '@nx-wave/schemas/plain';
import { networkAdvice } from './network-need';
import { namePaths, proofWritesAdvice } from './proof-writes';
import { sliceWaiver } from './slice-waivers';
import type { FileEvidence } from './slice-evidence';
import { runAgain, sliceFailure } from './slice-failure';

const codes = {
  passed: 'proof-command-failed',
  failed: 'proof-command-failed',
  timeout: 'proof-command-timeout',
  exhausted: 'proof-command-exhausted',
  missing: 'proof-command-missing',
  invalid: 'proof-command-invalid',
  'changed-files': 'proof-changed-files',
  'needs-network': 'proof-needs-network',
  'outside-writes': 'outside-writes',
} as const satisfies Record<ProofCommandResult['outcome'], FailureCode>;

/** Every declared proof command was run and ended with exit code 0. */
export function checkProofCommands(evidence: FileEvidence): Failure[] {
  const { agent, proofCommands } = evidence;
  const isWaived = sliceWaiver(evidence, 'outside-writes') !== null;
  const notRun = agent.proofCommands.filter((line) => proofCommands.every(({ command }) => command !== line));
  return [
    ...proofCommands
      .filter(({ outcome, exitCode }) => outcome !== 'passed' || exitCode !== 0)
      .filter(({ outcome, exitCode }) => outcome !== 'outside-writes' || exitCode !== 0 || !isWaived)
      .map((result) =>
        result.outcome === 'changed-files'
          ? changedFiles(evidence, result)
          : result.outcome === 'outside-writes'
            ? outsideWrites(evidence, result)
            : result.outcome === 'needs-network'
              ? needsNetwork(evidence, result)
              : sliceFailure(evidence, {
                  code: codes[result.outcome],
                  what: `the proof command "${result.command}" did not pass`,
                  expected: 'exit code 0',
                  got: describe(result),
                  said: result.tail.trim(),
                  next: runAgain(evidence),
                }),
      ),
    ...notRun.map((command) =>
      sliceFailure(evidence, {
        code: 'proof-command-failed',
        what: `the proof command "${command}" was not run`,
        expected: 'exit code 0',
        got: 'no result',
        next: runAgain(evidence),
      }),
    ),
  ];
}

function changedFiles(evidence: FileEvidence, { command, changedFiles = [] }: ProofCommandResult): Failure {
  const [path] = changedFiles;
  return sliceFailure(evidence, {
    code: 'proof-changed-files',
    what: `the proof command "${command}" changed ${namePaths(changedFiles)}`,
    expected: 'a command that checks and does not write, because what it changed would not land',
    got: 'other content after it had run',
    path,
    next: proofWritesAdvice,
  });
}

function outsideWrites(evidence: FileEvidence, { command, changedFiles = [] }: ProofCommandResult): Failure {
  const { agent, wave } = evidence;
  const [path] = changedFiles;
  return sliceFailure(evidence, {
    code: 'outside-writes',
    what: `while the proof command "${command}" ran without a cage, ${namePaths(changedFiles)} changed`,
    expected: 'a command that writes nowhere but in its checkout',
    got: 'a change that no runner and no person at work makes',
    path,
    next: `Look at these files and put back what should not be there; then nx run ${wave.identity.project}:decide --waive outside-writes --agent ${agent.unitId} --reason "…" --by "…"`,
  });
}

function needsNetwork(
  evidence: FileEvidence,
  { command, host = 'a host', tail }: ProofCommandResult,
): Failure {
  return sliceFailure(evidence, {
    code: 'proof-needs-network',
    what: `the proof command "${command}" called ${host}, which its cage does not allow`,
    expected: 'a command that calls nothing but what it starts itself',
    got: 'a call to the network, which failed',
    said: tail.trim(),
    next: networkAdvice(host),
  });
}

function describe({ outcome, exitCode }: ProofCommandResult): string {
  if (outcome === 'timeout') return 'no end within its time limit';
  if (outcome === 'exhausted') return 'more of the machine than it may use';
  if (outcome === 'missing') return 'no such program';
  if (outcome === 'invalid') return 'a line that needs an explicit shell';
  return exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
}
