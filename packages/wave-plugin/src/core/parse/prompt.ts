import { checkPath, readPath } from './paths';
import { quote, type Diagnostics } from './diagnostics';
import { entrySpot, readBullet, unwrap, type Entry } from './entries';
import { headingSpot, type Section } from './sections';
import { readSource, type Fence, type Source } from './source';

/** What the local prompt of an agent says. */
export interface PromptReading {
  prompt: string;
  ownedPaths: string[];
  requiredContext: string[];
  /** True where no `File ownership` list has an entry, good or bad. */
  ownsNothing: boolean;
}

/** Reads the first fenced block of `### Prompt` and the lists in it that the runner understands. */
export function readPrompt(source: Source, section: Section, diagnostics: Diagnostics): PromptReading | null {
  const fence = firstFence(source, section);
  if (!fence) {
    diagnostics.error('prompt-missing', headingSpot(section.heading), {
      message: `${quote('### Prompt')} holds no fenced block.`,
      next: 'Put the prompt between two lines of three backticks.',
    });
    return null;
  }
  reportTextAfter(source, { from: fence.to + 1, to: section.to }, diagnostics);
  const raw = source.lines.slice(fence.from, fence.to);
  const prompt = raw.join('\n').trim();
  if (prompt === '') {
    diagnostics.error(
      'prompt-missing',
      { index: fence.openedAt, column: 1, length: 3 },
      {
        message: 'The prompt is empty.',
        next: 'Write what the agent has to do, and `File ownership` with the paths that it may touch.',
      },
    );
    return null;
  }
  const lists = readPromptLists(raw);
  return {
    prompt,
    ownedPaths: readOwnership(lists.ownership, fence.from, diagnostics),
    requiredContext: readRequiredContext(lists.context),
    ownsNothing: lists.ownership.length === 0,
  };
}

/** Fences are in file order; the first that opens inside the section. */
function firstFence(source: Source, section: Section): Fence | null {
  const { fences } = source;
  let low = 0;
  let high = fences.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fences[middle] as Fence).openedAt < section.from) low = middle + 1;
    else high = middle;
  }
  const fence = fences[low];
  return fence && fence.openedAt < section.to ? fence : null;
}

function reportTextAfter(
  source: Source,
  { from, to }: Pick<Section, 'from' | 'to'>,
  diagnostics: Diagnostics,
): void {
  for (let index = from; index < to; index += 1) {
    const text = (source.lines[index] ?? '').trim();
    if (text === '') continue;
    diagnostics.warning(
      'prompt-trailing-text',
      { index, column: 1, length: text.length },
      {
        message: 'This text stands after the fenced prompt: the agent does not get it.',
        next: 'Move it into the fence. If the prompt itself holds a fence, open the outer one with four backticks.',
      },
    );
    return;
  }
}

interface PromptLists {
  /** Line indices are relative to the prompt. */
  ownership: Entry[];
  context: Entry[];
}

/**
 * `File ownership…` and `Required context…` open a list of bullets, the next line that ends in a colon closes it.
 * Fenced examples inside the prompt are no lists.
 */
function readPromptLists(lines: readonly string[]): PromptLists {
  const lists: PromptLists = { ownership: [], context: [] };
  const isExample = exampleLines(lines);
  let open: Entry[] | null = null;
  let bulletAbove = false;
  for (let index = 0; index < lines.length; index += 1) {
    if (isExample?.[index]) continue;
    const line = lines[index] as string;
    const bullet = readBullet(line, index);
    if (bullet) {
      if (open && bullet.text !== '') open.push(bullet);
      bulletAbove = true;
      continue;
    }
    // A bullet about context may go on below itself; an owned path never does.
    bulletAbove = bulletAbove && /^[ \t]+\S/.test(line);
    if (bulletAbove && open === lists.context) open.push({ text: line.trim(), index, column: 1 });
    const label = listLabel.exec(line)?.[1];
    if (label !== undefined) open = 'Ff'.includes(label) ? lists.ownership : lists.context;
    else if (open && closesList(line)) open = null;
  }
  return lists;
}

/** The first letter tells the two apart. A label may be a heading or stand out in bold. */
const listLabel = /^[ \t]*(?:#{1,6}[ \t]+)?(?:\*\*|__)?([FfRr])(?:ile ownership|equired context)/i;

/** True for the line above the paths that an agent may touch. */
export function isOwnershipLabel(line: string): boolean {
  return 'Ff'.includes(listLabel.exec(line)?.[1] ?? '-');
}

/** The next label, or the next heading. */
function closesList(line: string): boolean {
  const text = line.trim();
  return /:(?:\*\*|__)?$/.test(text) || /^#{1,6}[ \t]/.test(text);
}

/** Which lines of the prompt stand in a fenced example (1); null where none does, or where a fence never ends. */
function exampleLines(lines: readonly string[]): Uint8Array | null {
  if (!lines.some((line) => line.includes('```') || line.includes('~~~'))) return null;
  const { fences, fenced } = readSource('', lines.join('\n'));
  return fences.every(({ closed }) => closed) ? fenced : null;
}

function readOwnership(entries: readonly Entry[], offset: number, diagnostics: Diagnostics): string[] {
  const owned = new Set<string>();
  for (const entry of entries) {
    const spot = entrySpot({ ...entry, index: entry.index + offset });
    const path = checkPath(entry.text, { what: 'owned path', spot }, diagnostics);
    if (path === null) continue;
    owned.add(path);
    if (/[*?]/.test(path) || path.includes(' '))
      diagnostics.warning('path-suspicious', spot, {
        message: `${quote(path)} is taken literally: an owned path is one file, or a folder with a trailing \`/\`.`,
        next: 'Name the file, or the folder with a trailing `/`, and nothing else.',
      });
  }
  return [...owned];
}

/** Every relative path that a bullet mentions, in order. */
function readRequiredContext(entries: readonly Entry[]): string[] {
  const paths = new Set<string>();
  for (const entry of entries) for (const path of pathsIn(entry.text)) paths.add(path);
  return [...paths];
}

/** What is longer is no path; looking for its brackets would cost the square of its length. */
const longestPath = 1_000;

/** Words that look like workspace paths: with a `/`, or a file name with an extension. */
export function pathsIn(text: string): string[] {
  const found: string[] = [];
  for (const piece of text.split(/[\s,;"'`<>|]+/)) {
    if (piece.length > longestPath) continue;
    const word = trimSigns(piece);
    if (word === '' || word.length > 400 || word === 'and/or' || word.includes('://')) continue;
    const looksLikePath = word.includes('/') || /^[A-Za-z0-9_.-]+\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(word);
    if (!looksLikePath || /[*?]/.test(word)) continue;
    const reading = readPath(word);
    if (reading.ok) found.push(reading.path);
  }
  return found;
}

/** Takes away the punctuation of the sentence around a word, but no bracket that belongs to the path. */
function trimSigns(word: string): string {
  let from = 0;
  let to = word.length;
  while (from < to && '([{'.includes(word[from] as string) && !hasPartner(word, from)) from += 1;
  for (; to > from; to -= 1) {
    const sign = word[to - 1] as string;
    if ('.,:;!?'.includes(sign)) continue;
    if (')]}'.includes(sign) && !opensWithin(word.slice(from, to - 1), sign)) continue;
    break;
  }
  return word.slice(from, to);
}

const openers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function opensWithin(text: string, closer: string): boolean {
  return text.includes(openers[closer] as string);
}

/** `(group)/page.tsx` keeps its bracket, `(docs/a.md)` loses it. */
function hasPartner(word: string, at: number): boolean {
  const closer = { '(': ')', '[': ']', '{': '}' }[word[at] as '(' | '[' | '{'];
  const end = word.indexOf(closer, at);
  return end !== -1 && word.slice(end + 1, end + 2) === '/';
}

/** Used where a path stands alone in an entry. */
export function readPathEntry(entry: Entry, what: string, diagnostics: Diagnostics): string | null {
  return checkPath(unwrap(entry.text), { what, spot: entrySpot(entry) }, diagnostics);
}
