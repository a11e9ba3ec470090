import { ok, type Result } from '@nx-wave/schemas/plain';
import { composeCtrf } from '../../core/views/forms/ctrf';
import { composeReportJson } from '../../core/views/forms/report-json';
import { composeSarif } from '../../core/views/forms/sarif';
import { mapTexts, type ReportBlock } from '../../core/views/report/block';
import { composeReport } from '../../core/views/report/compose-report';
import { renderHtml } from '../../core/views/report/render-html';
import { renderMarkdown } from '../../core/views/report/render-markdown';
import type { ReportInput } from '../../core/views/report/report-input';
import { writeDurable } from '../../edges/files/write-file';
import type { Redactor } from '../../edges/processes/redact';
import type { Session } from '../session/session';
import { readReport } from './read-report';

/** A form of the report: its file, what it is made of, and how much of a patch it has a use for. Bytes. */
interface Form {
  extension: string;
  longestPatch: number;
  render(input: ReportInput, redactor: Redactor): string;
}

const megabyte = 1_000_000;

const forms = {
  html: {
    extension: 'html',
    longestPatch: 8 * megabyte,
    render: (input, redactor) => renderHtml(input.wave.identity.project, blocksOf(input, redactor)),
  },
  markdown: {
    extension: 'md',
    longestPatch: 200_000,
    render: (input, redactor) => renderMarkdown(blocksOf(input, redactor)),
  },
  json: dataForm('json', composeReportJson),
  sarif: dataForm('sarif', composeSarif),
  ctrf: dataForm('ctrf.json', composeCtrf),
} as const satisfies Record<string, Form>;

export type ReportForm = keyof typeof forms;
export const reportForms = Object.keys(forms) as ReportForm[];

function dataForm(extension: string, compose: (input: ReportInput) => Record<string, unknown>): Form {
  return {
    extension,
    longestPatch: 0,
    render: (input, redactor) => `${JSON.stringify(redactor.redactValue(compose(input)), null, 2)}\n`,
  };
}

function blocksOf(input: ReportInput, { redact }: Redactor): ReportBlock[] {
  return mapTexts(composeReport(input), redact);
}

/** Writes the report of a wave from what is stored; runs nothing. Gives its path, workspace-relative. */
export async function runReport(session: Session, form: ReportForm): Promise<Result<string>> {
  const { extension, longestPatch, render } = forms[form];
  const input = await readReport(session, { longestPatch });
  const path = session.paths.report(extension);
  const written = await writeDurable(session.at(path), render(input, session.redactor));
  return written.ok ? ok(path) : written;
}
