/** How a word stands out: something done, something wrong, something that waits. */
export type Tone = 'good' | 'bad' | 'waiting';

/** A run of text. `code`: to be copied as it is. `number`: aligned to the right in a table. */
export interface Span {
  text: string;
  tone?: Tone;
  code?: boolean;
  number?: boolean;
}

/** A report as data: what it says, before any of its forms. Texts are raw; each form makes them harmless for itself. */
export type ReportBlock =
  | { kind: 'heading'; level: 1 | 2; text: string }
  | { kind: 'paragraph'; spans: Span[] }
  | { kind: 'list'; items: Span[][] }
  | { kind: 'table'; head: string[]; rows: Span[][] }
  /** A long text that is shown when asked for. */
  | { kind: 'fold'; title: string; text: string };

export const plain = (text: string): Span => ({ text });
export const code = (text: string): Span => ({ text, code: true });
export const amount = (text: string): Span => ({ text, number: true });

/** The blocks with every text changed, such as redacted. */
export function mapTexts(blocks: readonly ReportBlock[], change: (text: string) => string): ReportBlock[] {
  const spans = (run: Span[]) => run.map((span) => ({ ...span, text: change(span.text) }));
  return blocks.map((block): ReportBlock => {
    switch (block.kind) {
      case 'heading':
        return { ...block, text: change(block.text) };
      case 'paragraph':
        return { ...block, spans: spans(block.spans) };
      case 'list':
        return { ...block, items: block.items.map(spans) };
      case 'table':
        return { ...block, rows: block.rows.map(spans) };
      case 'fold':
        return { ...block, title: change(block.title), text: change(block.text) };
    }
  });
}

/** A section of its own heading; nothing where it has nothing to say. */
export function section(title: string, ...blocks: (ReportBlock | null)[]): ReportBlock[] {
  const filled = blocks.filter((block) => block !== null && !isEmpty(block)) as ReportBlock[];
  return filled.length === 0 ? [] : [{ kind: 'heading', level: 2, text: title }, ...filled];
}

function isEmpty(block: ReportBlock): boolean {
  if (block.kind === 'list') return block.items.length === 0;
  return block.kind === 'table' && block.rows.length === 0;
}
