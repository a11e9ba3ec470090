import type { AttemptRecord } from '../state/wave-evidence';

/** What an agent itself says of its work, beside what was measured: claims, in its own words. */
export interface AgentWords {
  unitId: string;
  /** What it did, and how far that is proven; null where it says nothing. */
  summary: string | null;
  /** `kind: detail`. */
  gaps: string[];
  riskNotes: string[];
}

/** The words of each unit's latest attempt that left an envelope, in wave order; units without any are left out. */
export function agentWords(
  unitIds: readonly string[],
  attempts: readonly Pick<AttemptRecord, 'predicate' | 'envelope'>[],
): AgentWords[] {
  return unitIds.flatMap((unitId) => {
    const [last] = attempts
      .filter(({ predicate, envelope }) => predicate.agentId === unitId && envelope !== null)
      .sort((a, b) => b.predicate.attempt - a.predicate.attempt);
    if (!last?.envelope) return [];
    const { proof, gaps, riskNotes } = last.envelope;
    const summary = last.envelope['summary'];
    const words: AgentWords = {
      unitId,
      summary: typeof summary === 'string' && summary.trim() !== '' ? summary : proof.detail,
      gaps: gaps.map(({ kind, detail }) => (detail === null ? kind : `${kind}: ${detail}`)),
      riskNotes: [...riskNotes],
    };
    return words.summary === null && words.gaps.length + words.riskNotes.length === 0 ? [] : [words];
  });
}

/** One line for each thing that was said. */
export function wordLines({ unitId, summary, gaps, riskNotes }: AgentWords): string[] {
  return [
    ...(summary === null ? [] : [`${unitId}: ${summary}`]),
    ...gaps.map((gap) => `${unitId} leaves a gap: ${gap}`),
    ...riskNotes.map((note) => `${unitId} sees a risk: ${note}`),
  ].map((line) => line.replace(/\s+/g, ' '));
}
