/** How a word stands out: something done, something wrong, something that waits. */
export type Tone = 'good' | 'bad' | 'waiting';

/** A run of text. `code`: to be copied as it is. `number`: aligned to the right in a table. */
export interface Span {
  text: string;
  tone?: Tone;
  code?: boolean;
  number?: boolean;
  /** A command that people run: offered to be copied. */
  command?: boolean;
}

/** One thing of the first screen: a word for it, and what it is. */
export interface Tile {
  label: string;
  value: Span[];
}

/** What somebody did from when to when, in milliseconds since 1970. */
export interface Bar {
  fromMs: number;
  toMs: number;
  kind: 'preparing' | 'working' | 'waiting' | 'checking';
}

/** A report as data: what it says, before any of its forms. Texts are raw; each form makes them harmless for itself. */
export type ReportBlock =
  | { kind: 'heading'; level: 1 | 2 | 3; text: string }
  /** The answer to "may I land this?", with the cause and the one next command. */
  | { kind: 'banner'; tone: Tone; answer: string; why: Span[]; next: string | null }
  | { kind: 'tiles'; tiles: Tile[] }
  | { kind: 'paragraph'; spans: Span[] }
  | { kind: 'list'; items: Span[][] }
  | { kind: 'table'; head: string[]; rows: Span[][] }
  /** A long text that is shown when asked for. */
  | { kind: 'fold'; title: string; text: string }
  /** Blocks that are shown when asked for. */
  | { kind: 'group'; title: string; blocks: ReportBlock[] }
  /** What is changed in one file, as git shows it; `text` is null where it is not shown, and `note` says why. */
  | { kind: 'file'; path: string; about: string; text: string | null; note: string | null }
  | { kind: 'timeline'; rows: { label: string; words: string; bars: Bar[] }[] };

export const plain = (text: string): Span => ({ text });
export const code = (text: string): Span => ({ text, code: true });
export const amount = (text: string): Span => ({ text, number: true });
export const command = (text: string): Span => ({ text, code: true, command: true });

/** The blocks with every text changed, such as redacted. */
export function mapTexts(blocks: readonly ReportBlock[], change: (text: string) => string): ReportBlock[] {
  return blocks.map((block) => mapBlock(block, change));
}

function mapBlock(block: ReportBlock, change: (text: string) => string): ReportBlock {
  const spans = (run: Span[]) => run.map((span) => ({ ...span, text: change(span.text) }));
  const orNull = (text: string | null) => (text === null ? null : change(text));
  switch (block.kind) {
    case 'heading':
      return { ...block, text: change(block.text) };
    case 'banner':
      return { ...block, answer: change(block.answer), why: spans(block.why), next: orNull(block.next) };
    case 'tiles':
      return {
        ...block,
        tiles: block.tiles.map(({ label, value }) => ({ label: change(label), value: spans(value) })),
      };
    case 'paragraph':
      return { ...block, spans: spans(block.spans) };
    case 'list':
      return { ...block, items: block.items.map(spans) };
    case 'table':
      return { ...block, rows: block.rows.map(spans) };
    case 'fold':
      return { ...block, title: change(block.title), text: change(block.text) };
    case 'group':
      return { ...block, title: change(block.title), blocks: mapTexts(block.blocks, change) };
    case 'file':
      return {
        ...block,
        path: change(block.path),
        about: change(block.about),
        text: orNull(block.text),
        note: orNull(block.note),
      };
    case 'timeline':
      return {
        ...block,
        rows: block.rows.map((row) => ({ ...row, label: change(row.label), words: change(row.words) })),
      };
  }
}

/** A section of its own heading; nothing where it has nothing to say. */
export function section(title: string, ...blocks: (ReportBlock | null)[]): ReportBlock[] {
  return under(2, title, blocks);
}

/** A part of a section. */
export function part(title: string, ...blocks: (ReportBlock | null)[]): ReportBlock[] {
  return under(3, title, blocks);
}

function under(level: 2 | 3, title: string, blocks: (ReportBlock | null)[]): ReportBlock[] {
  const filled = blocks.filter((block): block is ReportBlock => block !== null && !isEmpty(block));
  return filled.length === 0 ? [] : [{ kind: 'heading', level, text: title }, ...filled];
}

function isEmpty(block: ReportBlock): boolean {
  if (block.kind === 'list') return block.items.length === 0;
  if (block.kind === 'group') return block.blocks.length === 0;
  return (block.kind === 'table' || block.kind === 'timeline') && block.rows.length === 0;
}
