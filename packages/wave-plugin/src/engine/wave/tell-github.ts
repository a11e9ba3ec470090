import { annotationLines, withPart } from '../../core/views/forms/github';
import { mapTexts } from '../../core/views/report/block';
import { composeReport } from '../../core/views/report/compose-report';
import { renderMarkdown } from '../../core/views/report/render-markdown';
import { describeFailure } from '../../core/views/describe-failure';
import { failureOfThrown } from '../../edges/files/io-errors';
import { readTextUpTo } from '../../edges/files/read-file';
import { writeUnflushed } from '../../edges/files/write-file';
import type { Session } from '../session/session';
import { readReport } from './read-report';
import type { SliceFailures } from './wave-evidence';

/** What GitHub takes as the summary of one step. Bytes. */
const mostOfSummary = 1_000_000;
const longestPatch = 200_000;

/**
 * In a job of GitHub Actions: the findings as annotations, and the report in the summary of the step. Elsewhere nothing.
 * `failures`: what the running task has just failed with. What cannot be told is said, and changes no outcome.
 */
export async function tellGithub(session: Session, failures: SliceFailures[] = []): Promise<void> {
  const { edges } = session;
  if (edges.env['GITHUB_ACTIONS'] !== 'true' || edges.announce === undefined) return;
  try {
    await tell(session, failures, edges.announce);
  } catch (error) {
    edges.print(describeFailure({ ...failureOfThrown(error), severity: 'warning' }));
  }
}

async function tell(
  session: Session,
  failures: SliceFailures[],
  announce: (command: string) => void,
): Promise<void> {
  const { edges, wave, redactor } = session;
  const input = await readReport(session, { longestPatch, failures });
  const unit = failures.find(({ unitId }) => wave.agents.some((agent) => agent.unitId === unitId));
  for (const line of annotationLines(input, unit?.unitId)) announce(line);
  const path = edges.env['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  const before = (await readTextUpTo(path, mostOfSummary)) ?? '';
  const blocks = mapTexts(composeReport(input), redactor.redact);
  const summary = withPart(before, wave.identity.project, renderMarkdown(blocks));
  if (Buffer.byteLength(summary) > mostOfSummary) {
    edges.print('the summary of this step is full: the report is not in it');
    return;
  }
  const written = await writeUnflushed(path, summary);
  if (!written.ok) edges.print(describeFailure(written.error));
}
