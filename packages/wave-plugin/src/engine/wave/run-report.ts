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
import { gatherWave, type StoredAttempt } from './wave-evidence';

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
  const refused: ReportedPatch[] = [];
  for (const { unitId, failures } of status.state.units) {
    const proving = provingAttempt({ closure: status.closure, attempts }, unitId);
    const shown = attempts.find(({ proofDigest }) => proofDigest === proving?.proofDigest);
    const failed = failures.length === 0 ? undefined : refusedAttempt(attempts, unitId);
    if (shown) patches.push(await readPatch(session, shown, longestPatch));
    else if (failed) refused.push(await readPatch(session, failed, longestPatch));
  }
  const { wave, redactor } = session;
  const ledger = [...session.ledger, ...session.endedWaivers];
  const composed = composeReport({ ...status, wave, ledger, attempts, patches, refused });
  const blocks = mapTexts(composed, (text) => redactor.redact(text));
  const text = form === 'html' ? renderHtml(wave.identity.project, blocks) : renderMarkdown(blocks);
  const path = session.paths.report(extension);
  const written = await writeDurable(session.at(path), text);
  return written.ok ? ok(path) : written;
}

/** The last attempt of a unit, where it was refused and had changed something. */
function refusedAttempt(attempts: readonly StoredAttempt[], unitId: string): StoredAttempt | undefined {
  const [last] = attempts
    .filter(({ predicate }) => predicate.agentId === unitId)
    .sort((a, b) => b.predicate.attempt - a.predicate.attempt);
  return last?.predicate.state === 'not_proven' && last.predicate.changes.length > 0 ? last : undefined;
}

async function readPatch(
  session: Session,
  { folder, predicate }: StoredAttempt,
  longestPatch: number,
): Promise<ReportedPatch> {
  const file = join(folder, bundleFiles.patch);
  const about = { unitId: predicate.agentId, path: shownPath(session, file) };
  const secrets = [...new Set((predicate.secrets ?? []).map(({ variable }) => variable))].sort();
  // With its values taken out it would be another patch than the one that is kept.
  if (secrets.length > 0) return { ...about, text: null, secrets };
  const text = await readTextUpTo(file, longestPatch);
  return { ...about, text: text?.trimEnd() ?? null };
}

/** Below the workspace as it is called there, below the git directory by its place in it: no machine path is written. */
function shownPath(session: Session, file: string): string {
  const inside = relative(session.workspaceRoot, file);
  if (!inside.startsWith('..')) return inside.split(sep).join('/');
  return `<git directory>/nx-wave/${relative(session.durableRoot, file).split(sep).join('/')}`;
}
