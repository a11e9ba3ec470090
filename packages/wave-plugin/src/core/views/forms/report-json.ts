import { findingsOf } from '../findings';
import { changedFiles } from '../report/changed-files';
import { attemptsInOrder, type ReportInput } from '../report/report-input';
import { runningMsOf } from '../report/usage-section';
import { statusDocument } from '../status';

/** The report as data: what `status --json` says, with the findings, the changed files, every attempt and what reuse saved. */
export function composeReportJson(input: ReportInput): Record<string, unknown> {
  return {
    ...statusDocument(input),
    title: input.wave.title,
    findings: findingsOf(input),
    files: changedFiles(input),
    attempts: attemptsInOrder(input).map((attempt) => {
      const { predicate, proofDigest } = attempt;
      const { proofBundleId, agentId, state, executor, usage, failures, proofCommands, strength } = predicate;
      return {
        proofBundleId,
        agentId,
        attempt: predicate.attempt,
        proofDigest,
        state,
        executor,
        usage,
        runningMs: runningMsOf(attempt),
        failures,
        proofCommands,
        strength: strength ?? null,
      };
    }),
    decisions: input.ledger,
    reuses: input.reuses ?? [],
    spending: input.spending,
    budget: input.budget,
  };
}
