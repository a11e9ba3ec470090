import { failure, type Failure, type FailureCode } from '@nx-wave/schemas/plain';
import type { FileEvidence } from './slice-evidence';

/** What a check found: `expected` and `got` go into the message and, for programs, into the facts. */
export interface SliceFinding {
  code: FailureCode;
  what: string;
  expected: string;
  got: string;
  path?: string | undefined;
  /** The end of an output, line by line. */
  said?: string;
  next: string;
  /** The id of the question, where one is asked. */
  requestId?: string;
}

/** One failure of a slice, in the one form that people and programs read. */
export function sliceFailure(evidence: FileEvidence, finding: SliceFinding): Failure {
  const { agent, wave } = evidence;
  const { code, what, expected, got, path, said = '', next, requestId } = finding;
  return failure(
    code,
    `Agent ${agent.unitId}: ${what}. Expected ${expected}, got ${got}.${said === '' ? '' : ` It said:\n${said}`}`,
    {
      place: { wave: wave.identity.project, agentId: agent.unitId, ...(path === undefined ? {} : { path }) },
      next,
      facts: {
        expected,
        got,
        ...(path === undefined ? {} : { path }),
        ...(requestId === undefined ? {} : { requestId }),
      },
    },
  );
}

/** The command that runs the agent once more on its own patch, with the reasons in its prompt. */
export function runAgain(evidence: FileEvidence): string {
  return `nx run ${evidence.wave.identity.project}:${evidence.agent.target}`;
}
