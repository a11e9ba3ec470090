import type { Usage } from '@nx-wave/schemas';
import { wasPaid } from '../../paid-attempts';
import { addKnown, describeUsage } from '../../usage';
import { count } from '../../count';
import { plain, type ReportBlock } from './block';
import type { ReportInput } from './report-input';

/** What stored proof has saved on this machine: each time it was served, its agent would have run. */
export function reuseSaved({ reuses = [], attempts }: Pick<ReportInput, 'reuses' | 'attempts'>): {
  times: number;
  usage: Usage | null;
} {
  const served = reuses.map(({ proofDigest }) => attempts.find((one) => one.proofDigest === proofDigest));
  const usage = served.reduce<Usage | null>(
    (sum, attempt) =>
      attempt !== undefined && wasPaid(attempt.predicate) ? addKnown(sum, attempt.predicate.usage) : sum,
    null,
  );
  return { times: reuses.length, usage };
}

/** In a sentence; null where nothing was reused. */
export function reuseParagraph(input: ReportInput): ReportBlock | null {
  const { times, usage } = reuseSaved(input);
  if (times === 0) return null;
  const saved = usage === null ? '' : `: ${describeUsage(usage)} were not used again`;
  const text = `Stored proof was served ${count(times, 'time')} on this machine in place of an agent${saved}. What the cache of Nx served is not counted.`;
  return { kind: 'paragraph', spans: [plain(text)] };
}
