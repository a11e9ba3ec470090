import { join, relative, sep } from 'node:path';
import { ok, type Result } from '@nx-wave/schemas/plain';
import { mapTexts } from '../../core/views/report/block';
import { composeReport } from '../../core/views/report/compose-report';
import { renderHtml } from '../../core/views/report/render-html';
import { renderMarkdown } from '../../core/views/report/render-markdown';
import { provingAttempt, type ReportedPatch } from '../../core/views/report/report-input';
import { readTextUpTo } from '../../edges/files/read-file';
import { writeDurable } from '../../edges/files/write-file';
import { bundleFiles } from '../../edges/store/bundle';
import { judgeStatus } from './read-status';
import type { Session } from '../session/session';
import { gatherWave } from './wave-evidence';

/** A patch of more bytes is named, not shown; services that show markdown take little of it. */
const forms = {
  html: { extension: 'html', longestPatch: 200_000 },
  markdown: { extension: 'md', longestPatch: 20_000 },
} as const;

export type ReportForm = keyof typeof forms;

/** Writes the report of a wave from what is stored; runs nothing. Gives its path, workspace-relative. */
export async function runReport(session: Session, form: ReportForm): Promise<Result<string>> {
  const gathered = await gatherWave(session);
  const status = await judgeStatus(session, gathered);
  const { attempts } = gathered;
  const { extension, longestPatch } = forms[form];
  const patches: ReportedPatch[] = [];
  for (const { unitId } of session.wave.agents) {
    const proving = provingAttempt({ closure: status.closure, attempts }, unitId);
    const folder = attempts.find(({ proofDigest }) => proofDigest === proving?.proofDigest)?.folder;
    if (folder === undefined) continue;
    const file = join(folder, bundleFiles.patch);
    const text = await readTextUpTo(file, longestPatch);
    patches.push({ unitId, text: text?.trimEnd() ?? null, path: shownPath(session, file) });
  }
  const { wave, ledger, redactor } = session;
  const composed = composeReport({ ...status, wave, ledger, attempts, patches });
  const blocks = mapTexts(composed, (text) => redactor.redact(text));
  const text = form === 'html' ? renderHtml(wave.identity.project, blocks) : renderMarkdown(blocks);
  const path = session.paths.report(extension);
  const written = await writeDurable(session.at(path), text);
  return written.ok ? ok(path) : written;
}

/** Below the workspace as it is called there, below the git directory by its place in it: no machine path is written. */
function shownPath(session: Session, file: string): string {
  const inside = relative(session.workspaceRoot, file);
  if (!inside.startsWith('..')) return inside.split(sep).join('/');
  return `<git directory>/nx-wave/${relative(session.durableRoot, file).split(sep).join('/')}`;
}
