import { code, plain, section, type ReportBlock, type Span } from './block';
import type { ReportInput } from './report-input';

/** What agents say of their own work: claims, each with the agent that makes it. */
export function wordsSection({ words = [] }: ReportInput): ReportBlock[] {
  return section('In the words of the agents', {
    kind: 'list',
    items: words.flatMap(({ unitId, summary, gaps, riskNotes }): Span[][] => [
      ...(summary === null ? [] : [[code(unitId), plain(`: ${summary}`)]]),
      ...gaps.map((gap): Span[] => [
        code(unitId),
        { text: ' leaves a gap', tone: 'waiting' },
        plain(`: ${gap}`),
      ]),
      ...riskNotes.map((note): Span[] => [
        code(unitId),
        { text: ' sees a risk', tone: 'waiting' },
        plain(`: ${note}`),
      ]),
    ]),
  });
}
