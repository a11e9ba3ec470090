import { type Checked, type Failure } from '@nx-wave/schemas/plain';
import { type AgentSpec, type WaveDefinition } from '@nx-wave/schemas';
import { type ExecutorVocabulary } from '../model';
import { collectDiagnostics, quote, type Diagnostics } from './diagnostics';
import { readEntries, unwrap, wholeLine, type Entry } from './entries';
import { executorKeys, type ExecutorWords } from './executor';
import { nearest } from './nearest';
import { readAgent, type AgentBlock } from './parse-agent';
import { headingSpot, sectionsOf, type Section } from './sections';
import { readSource, type Source } from './source';
import {
  readContext7,
  readEnvironments,
  readEvalTargets,
  readPromotions,
  readWaveDependencies,
} from './wave-sections';

/** What a wave file is read with, besides its text. */
export interface ParseContext {
  executors: readonly ExecutorVocabulary[];
  /** Levels of the component matrix; the built-in nine where absent, any word where null. */
  levels?: readonly string[] | null;
}

/** The one form of a name that becomes a project; `wave-7-draft.md` can be read and checked, and is never run. */
const discoveredName = /(?:^|\/)wave-\d{1,15}\.md$/;

export const waveSections = [
  'Component promotions',
  'Context7 defaults',
  'Eval targets',
  'Deploy environments',
  'Depends on',
] as const;
type WaveSection = (typeof waveSections)[number];

/**
 * Reads a wave file: text in, definition or every problem of the text out. Nothing is resolved and no other file is
 * looked at. Warnings and notes come with a definition; errors (with the warnings) replace it.
 */
export function parseWave(
  file: { path: string; text: string },
  context: ParseContext,
): Checked<WaveDefinition> {
  const source = readSource(file.path, file.text);
  const diagnostics = collectDiagnostics(file.path, source.lines);
  const wave = waveNumberOf(file.path);
  if (wave === null)
    diagnostics.error(
      'wave-invalid-filename',
      { index: 0, column: 1, length: 1 },
      {
        message: `${quote(file.path)} is no name of a wave file.`,
        next: 'Name the file `wave-<number>.md`.',
      },
    );
  else if (!discoveredName.test(file.path))
    diagnostics.warning(
      'wave-file-not-discovered',
      { index: 0, column: 1, length: 1 },
      {
        message: `${quote(file.path)} is read, but its name makes it an example: it becomes no project.`,
        next: `Name it \`wave-${wave}.md\` to run it.`,
      },
    );
  reportFrontMatter(source, diagnostics);
  reportFences(source, diagnostics);
  const definition: WaveDefinition = {
    schemaVersion: 1,
    wave: wave ?? 0,
    path: file.path,
    title: readTitle(source, wave, diagnostics),
    commitMessage: readCommitMessage(source, diagnostics),
    ...readWaveSections(source, context, diagnostics),
  };
  if (definition.agents.length === 0 && !diagnostics.hasErrors)
    diagnostics.error(
      'wave-no-agents',
      { index: 0, column: 1, length: (source.lines[0] ?? '').length },
      {
        message: 'The wave has no agent.',
        next: 'Add a block that begins with `## Agent A1: <title>`.',
      },
    );
  const found = byPlace(diagnostics.found);
  return diagnostics.hasErrors
    ? { ok: false, failures: found }
    : { ok: true, value: definition, warnings: found };
}

/** The number in `wave-<n>.md`, or null for any other name. */
export function waveNumberOf(path: string): number | null {
  const match = /(?:^|\/)wave-(\d{1,15})(?:-[^/]*)?\.md$/.exec(path);
  return match ? Number(match[1]) : null;
}

function byPlace(found: readonly Failure[]): Failure[] {
  const line = (failure: Failure): number => failure.place?.range?.start.line ?? 0;
  const column = (failure: Failure): number => failure.place?.range?.start.column ?? 0;
  return [...found].sort((a, b) => line(a) - line(b) || column(a) - column(b));
}

/** Other systems keep dependencies and checks in front matter: a person who moves a wave must not believe that they hold. */
function reportFrontMatter({ lines, frontMatter }: Source, diagnostics: Diagnostics): void {
  const says = lines.slice(1, Math.max(1, frontMatter - 1)).some((line) => !/^\s*(?:#|$)/.test(line));
  if (!says) return;
  diagnostics.warning('front-matter-unread', wholeLine(lines[0] ?? '', 0), {
    message: `Lines 1 to ${frontMatter} are front matter, and nothing reads it.`,
    next: 'Write what the wave builds on under `## Depends on`, and what proves an agent under `### Proof commands`.',
  });
}

function reportFences(source: Source, diagnostics: Diagnostics): void {
  for (const fence of source.fences) {
    const opener = source.lines[fence.openedAt] ?? '';
    if (!fence.closed)
      diagnostics.error('fence-unclosed', wholeLine(opener, fence.openedAt), {
        message: 'This fence is never closed: everything below it is taken for its content.',
        next: 'Close it with a line of the same signs. If a fence inside a fence closed it, open the outer one with four.',
      });
  }
}

/** `# Wave 3 - Title`: the title alone, or the whole heading where it has another form. */
function readTitle(source: Source, wave: number | null, diagnostics: Diagnostics): string | null {
  const heading = source.headings.find(({ level }) => level === 1);
  if (!heading || heading.title === '') return null;
  const match = /^wave\s{1,9}(\d{1,15})\b\s{0,9}(?:[-–—:.]\s{0,9})?/i.exec(heading.title);
  if (!match) return heading.title;
  if (wave !== null && Number(match[1]) !== wave)
    diagnostics.warning('wave-number-mismatch', headingSpot(heading), {
      message: `The heading says wave ${match[1] as string}, but the number of a wave is that of its file name: ${wave}.`,
      next: `Write \`# Wave ${wave} - …\`, or rename the file.`,
    });
  return heading.title.slice(match[0].length).trim() || heading.title;
}

function readCommitMessage(source: Source, diagnostics: Diagnostics): string | null {
  let message: string | null = null;
  for (let index = 0; index < source.lines.length; index += 1) {
    if (source.fenced[index] || source.hidden[index]) continue;
    const line = source.lines[index] as string;
    const found = commitMessageIn(line);
    if (found === null) continue;
    if (message !== null) {
      diagnostics.error('wave-commit-message', wholeLine(line, index), {
        message: 'The wave has two commit messages.',
        next: 'Keep one of the two lines.',
      });
      continue;
    }
    if (!found.startsWith('`') || found.length < 3 || !found.endsWith('`'))
      diagnostics.warning('wave-commit-message', wholeLine(line, index), {
        message: 'The commit message is not in backticks.',
        next: 'Write `**Commit message**:` and then the message between two backticks.',
      });
    message = unwrap(found);
  }
  return message === '' ? null : message;
}

const commitLabels = ['**commit message**:', '**commit message:**'];

function commitMessageIn(line: string): string | null {
  if (!line.includes('**')) return null;
  const text = line.trim();
  const label = commitLabels.find((known) => text.slice(0, known.length).toLowerCase() === known);
  return label === undefined ? null : text.slice(label.length).trim();
}

function readWaveSections(
  source: Source,
  context: ParseContext,
  diagnostics: Diagnostics,
): Pick<
  WaveDefinition,
  'dependsOn' | 'promotions' | 'context7' | 'evalTargets' | 'deployEnvironments' | 'agents'
> {
  const words: ExecutorWords = { executors: context.executors, keys: executorKeys(context.executors) };
  const known = new Map<WaveSection, Section>();
  const agents = new Map<string, AgentSpec>();
  for (const section of sectionsOf(source, 2, { from: 0, to: source.lines.length })) {
    const name = agentNameOf(section, diagnostics);
    if (name) readAgentBlock({ source, section, ...name }, { words, agents }, diagnostics);
    else if (name === null) sortWaveSection(section, known, diagnostics);
  }
  reportStrayAgents(source, agents, diagnostics);
  const read = <T>(title: WaveSection, absent: T, reader: (entries: Entry[]) => T): T => {
    const section = known.get(title);
    return section ? reader(readEntries(source, section, { diagnostics })) : absent;
  };
  return {
    dependsOn: read('Depends on', [], (entries) => readWaveDependencies(entries, diagnostics)),
    promotions: read('Component promotions', [], (entries) =>
      readPromotions(entries, context.levels, diagnostics),
    ),
    context7: read('Context7 defaults', null, (entries) =>
      readContext7(entries, 'Context7 defaults', diagnostics),
    ),
    evalTargets: read('Eval targets', [], (entries) => readEvalTargets(entries, diagnostics)),
    deployEnvironments: read('Deploy environments', [], (entries) => readEnvironments(entries, diagnostics)),
    agents: [...agents.values()],
  };
}

interface AgentName {
  agentId: string;
  title: string;
}

const idGrammar = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The id and title of an agent heading, null for any other heading, undefined for a broken agent heading. */
function agentNameOf(section: Section, diagnostics: Diagnostics): AgentName | null | undefined {
  const { title } = section;
  if (!/^agent\s/i.test(title)) return null;
  const rest = title.slice(6);
  const colon = rest.indexOf(':');
  const looksLikeId = /^\s{0,9}[A-Za-z]{1,3}\d{1,3}\b/.test(rest);
  if (colon < 0 && !looksLikeId) return null;
  const spot = headingSpot(section.heading);
  const agentId = rest.slice(0, colon < 0 ? rest.length : colon).trim();
  const name = rest.slice(colon + 1).trim();
  if (colon < 0 || !title.startsWith('Agent') || name === '' || agentId === '') {
    diagnostics.error('agent-heading-malformed', spot, {
      message: `${quote(`## ${title}`)} is no agent heading.`,
      next: 'Write `## Agent <ID>: <Title>`.',
    });
    return undefined;
  }
  if (!idGrammar.test(agentId)) {
    diagnostics.error('agent-id-invalid', spot, {
      message: `${quote(agentId)} is no agent id: letters, digits, \`.\`, \`_\` and \`-\`, beginning with a letter or digit, at most 64.`,
      next: 'Give the agent a short id such as `A1`.',
    });
    return undefined;
  }
  return { agentId, title: name };
}

function readAgentBlock(
  block: AgentBlock,
  { words, agents }: { words: ExecutorWords; agents: Map<string, AgentSpec> },
  diagnostics: Diagnostics,
): void {
  const { agentId, section } = block;
  diagnostics.about(agentId);
  const key = agentId.toLowerCase();
  const first = agents.get(key);
  if (first)
    diagnostics.error('agent-duplicate', headingSpot(section.heading), {
      message: `Agent ${quote(agentId)} stands twice; the first begins on line ${first.line}.`,
      next: 'Give one of the two another id. Ids differ by more than upper and lower case.',
    });
  const agent = readAgent(block, words, diagnostics);
  if (!first) agents.set(key, agent);
  diagnostics.about(null);
}

function sortWaveSection(section: Section, known: Map<WaveSection, Section>, diagnostics: Diagnostics): void {
  const spot = headingSpot(section.heading);
  const title = waveSections.find((name) => name === section.title);
  if (title) {
    const first = known.get(title);
    if (!first) known.set(title, section);
    else
      diagnostics.error('section-duplicate', spot, {
        message: `The section ${quote(title)} stands twice; it began on line ${first.heading.index + 1}.`,
        next: 'Merge the two sections into one.',
      });
    return;
  }
  const meant = diagnostics.isFull ? null : nearest(section.title, waveSections);
  if (meant === null)
    diagnostics.note('section-unknown', spot, {
      message: `${quote(section.title)} is taken as notes: nothing reads it.`,
    });
  else
    diagnostics.warning('section-misspelled', spot, {
      message: `${quote(section.title)} is taken as notes; ${quote(meant)} is a section of a wave.`,
      next: `Write \`## ${meant}\`.`,
      facts: { nearest: meant },
    });
}

/** Agent headings of another level; one that speaks of an agent which the wave has is a heading of notes. */
function reportStrayAgents(
  source: Source,
  agents: ReadonlyMap<string, AgentSpec>,
  diagnostics: Diagnostics,
): void {
  for (const heading of source.headings) {
    if (heading.level === 2) continue;
    const id = /^Agent\s{1,9}([A-Za-z]{1,3}\d{1,3})\s{0,9}:/.exec(heading.title)?.[1];
    if (id === undefined || agents.has(id.toLowerCase())) continue;
    diagnostics.error('agent-heading-malformed', headingSpot(heading), {
      message: `An agent begins with a heading of level 2, not ${heading.level}.`,
      next: `Write \`## ${heading.title}\`.`,
    });
  }
}
