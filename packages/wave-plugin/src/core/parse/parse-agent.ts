import {
  completionLevels,
  docImpacts,
  durabilityLevels,
  maturityLevels,
  proofLevels,
} from '@nx-wave/schemas/plain';
import { type AgentSpec, type ExitContract, type ProofArtifactSpec } from '@nx-wave/schemas';
import { quote, type Diagnostics } from './diagnostics';
import {
  entrySpot,
  knownPairs,
  readEntries,
  readList,
  readPairs,
  splitPair,
  unwrap,
  valueSpot,
  type Entry,
  type Pair,
} from './entries';
import { noExecutor, readExecutor, type ExecutorWords } from './executor';
import { checkPath, ownershipOf, type Ownership } from './paths';
import { readProofStrength } from './proof-strength';
import { readPathEntry, readPrompt, type PromptReading } from './prompt';
import { headingSpot, knownSections, sectionsOf, type Section } from './sections';
import { type Source } from './source';
import { readContext7, readFields } from './wave-sections';
import { readIds, readWord } from './words';

/** The sections of an agent block. */
export const agentSections = [
  'Role prompts',
  'Executor',
  'Context7',
  'Components',
  'Capabilities',
  'Skills',
  'Exit contract',
  'Deliverables',
  'Proof artifacts',
  'Proof commands',
  'Proof strength',
  'Depends on',
  'Prompt',
] as const;
type AgentSection = (typeof agentSections)[number];

/** One `## Agent <ID>: <Title>` block. */
export interface AgentBlock {
  source: Source;
  section: Section;
  agentId: string;
  title: string;
}

/** Reads one agent block; what is wrong is reported, what can be read is returned. */
export function readAgent(block: AgentBlock, words: ExecutorWords, diagnostics: Diagnostics): AgentSpec {
  const { source, section } = block;
  const known = knownSections(sectionsOf(source, 3, section), agentSections, diagnostics);
  const entriesOf = (title: AgentSection): Entry[] | null => {
    const found = known.get(title);
    if (!found) return null;
    const entries = readEntries(source, found, { diagnostics, strict: title === 'Proof commands' });
    if (entries.length === 0 && isBlank(source, found))
      diagnostics.warning('section-empty', headingSpot(found.heading), {
        message: `The section ${quote(title)} is empty.`,
        next: 'Fill it in or remove it.',
      });
    return entries;
  };
  const read = <T>(title: AgentSection, absent: T, reader: (entries: Entry[]) => T): T => {
    const entries = entriesOf(title);
    return entries === null ? absent : reader(entries);
  };

  const prompt = readOwnPrompt(block, known.get('Prompt'), diagnostics);
  const ownership = prompt && prompt.ownedPaths.length > 0 ? ownershipOf(prompt.ownedPaths) : null;

  return {
    agentId: block.agentId,
    title: block.title,
    line: section.heading.index + 1,
    rolePrompts: read('Role prompts', [], (entries) =>
      readPaths(entries, { what: 'role prompt', ownership: null }, diagnostics),
    ),
    executor: read('Executor', noExecutor, (entries) =>
      readExecutor(readPairs(entries, 'Executor', diagnostics), words, diagnostics),
    ),
    context7: read('Context7', null, (entries) => readContext7(entries, 'Context7', diagnostics)),
    components: read('Components', [], (entries) => readIds(entries, 'component id', diagnostics)),
    capabilities: read('Capabilities', [], (entries) => readIds(entries, 'capability', diagnostics)),
    skills: read('Skills', [], (entries) => readIds(entries, 'skill id', diagnostics)),
    exitContract: read('Exit contract', null, (entries) =>
      readExitContract(entries, known.get('Exit contract') as Section, diagnostics),
    ),
    deliverables: read('Deliverables', [], (entries) =>
      readPaths(entries, { what: 'deliverable', ownership }, diagnostics),
    ),
    proofArtifacts: read('Proof artifacts', [], (entries) =>
      readProofArtifacts(entries, ownership, diagnostics),
    ),
    ...read('Proof commands', { proofCommands: [] }, (entries) => readProofCommands(entries, diagnostics)),
    ...read<Pick<AgentSpec, 'proofStrength'>>('Proof strength', {}, (entries) =>
      readProofStrength(entries, diagnostics),
    ),
    dependsOn: read('Depends on', [], (entries) => readAgentNames(entries, diagnostics)),
    prompt: prompt?.prompt ?? '',
    ownedPaths: prompt?.ownedPaths ?? [],
    requiredContext: prompt?.requiredContext ?? [],
  };
}

/** The prompt, which every agent must have, with the paths that it may touch. */
function readOwnPrompt(
  { source, section, agentId }: AgentBlock,
  own: Section | undefined,
  diagnostics: Diagnostics,
): PromptReading | null {
  if (!own) {
    diagnostics.error('prompt-missing', headingSpot(section.heading), {
      message: `Agent ${quote(agentId)} has no ${quote('### Prompt')}.`,
      next: 'Add `### Prompt` with a fenced block.',
    });
    return null;
  }
  const prompt = readPrompt(source, own, diagnostics);
  if (prompt?.ownsNothing)
    diagnostics.error('ownership-missing', headingSpot(own.heading), {
      message: `The prompt of agent ${quote(agentId)} names no path that it may touch.`,
      next: 'End the prompt with `File ownership (only touch these paths):` and one `- path` per line.',
    });
  return prompt;
}

function isBlank(source: Source, section: Section): boolean {
  for (let index = section.from; index < section.to; index += 1)
    if ((source.lines[index] ?? '').trim() !== '' && !source.hidden[index]) return false;
  return true;
}

/** Files, each once. With an `ownership` they must be owned and must be files. */
function readPaths(
  entries: readonly Entry[],
  { what, ownership }: { what: string; ownership: Ownership | null },
  diagnostics: Diagnostics,
): string[] {
  const paths = new Set<string>();
  for (const entry of entries) {
    const path = readPathEntry(entry, what, diagnostics);
    if (path === null) continue;
    if (path.endsWith('/'))
      diagnostics.error('path-not-a-file', entrySpot(entry), {
        message: `The ${what} ${quote(path)} is a folder.`,
        next: 'Name the files.',
      });
    else if (paths.has(path) && what !== 'role prompt')
      diagnostics.error('entry-duplicate', entrySpot(entry), {
        message: `The ${what} ${quote(path)} is listed twice.`,
        next: 'Remove one of the two lines.',
      });
    else {
      paths.add(path);
      requireOwned({ path, what, entry }, ownership, diagnostics);
    }
  }
  return [...paths];
}

function requireOwned(
  { path, what, entry }: { path: string; what: string; entry: Entry },
  ownership: Ownership | null,
  diagnostics: Diagnostics,
): void {
  if (!ownership || ownership.ownerOf(path) !== null) return;
  diagnostics.error(
    what === 'deliverable' ? 'deliverable-not-owned' : 'proof-artifact-not-owned',
    entrySpot(entry),
    {
      message: `The ${what} ${quote(path)} lies outside the file ownership of this agent.`,
      next: `Add \`- ${path}\` under \`File ownership\` in the prompt, or remove the ${what}.`,
    },
  );
}

function readExitContract(
  entries: readonly Entry[],
  section: Section,
  diagnostics: Diagnostics,
): ExitContract | null {
  const keys = ['completion', 'durability', 'proof', 'doc-impact'] as const;
  const what = 'Exit contract';
  const byKey = knownPairs(readPairs(entries, what, diagnostics), { known: keys, what }, diagnostics);
  const word = <T extends string>(key: (typeof keys)[number], list: readonly T[]): T | null => {
    const pair = byKey.get(key);
    if (!pair) return null;
    return readWord(unwrap(pair.value), { list, what: `\`${key}\``, spot: valueSpot(pair) }, diagnostics);
  };
  const completion = word('completion', completionLevels);
  const durability = word('durability', durabilityLevels);
  const proof = word('proof', proofLevels);
  const docImpact = word('doc-impact', docImpacts);
  const missing = keys.filter((key) => !byKey.has(key));
  if (missing.length > 0)
    diagnostics.error('exit-contract-incomplete', headingSpot(section.heading), {
      message: `The exit contract leaves out ${missing.map((key) => quote(key)).join(', ')}.`,
      next: `Add ${missing.map((key) => `\`- ${key}: …\``).join(', ')}.`,
      facts: { missing },
    });
  if (!completion || !durability || !proof || !docImpact) return null;
  return { completion, durability, proof, docImpact };
}

/** `- path`, or `- path: p | kind: k | required-for: level,level`. */
function readProofArtifacts(
  entries: readonly Entry[],
  ownership: Ownership | null,
  diagnostics: Diagnostics,
): ProofArtifactSpec[] {
  const artifacts = new Map<string, ProofArtifactSpec>();
  for (const entry of entries) {
    const artifact = readProofArtifact(entry, diagnostics);
    if (!artifact) continue;
    if (artifact.path.endsWith('/'))
      diagnostics.error('path-not-a-file', entrySpot(entry), {
        message: `The proof artifact ${quote(artifact.path)} is a folder.`,
        next: 'Name the file.',
      });
    else if (artifacts.has(artifact.path))
      diagnostics.error('entry-duplicate', entrySpot(entry), {
        message: `The proof artifact ${quote(artifact.path)} is listed twice.`,
        next: 'Merge the two lines.',
      });
    else {
      artifacts.set(artifact.path, artifact);
      requireOwned({ path: artifact.path, what: 'proof artifact', entry }, ownership, diagnostics);
    }
  }
  return [...artifacts.values()];
}

function readProofArtifact(entry: Entry, diagnostics: Diagnostics): ProofArtifactSpec | null {
  const what = 'Proof artifacts';
  if (!entry.text.includes('|') && !/^[`*_]{0,3}path[`*_]{0,3}\s{0,4}:/.test(entry.text)) {
    const path = readPathEntry(entry, 'proof artifact', diagnostics);
    return path === null ? null : { path, kind: null, requiredFor: [] };
  }
  const byKey = knownPairs(
    readFields(entry, what, diagnostics),
    { known: ['path', 'kind', 'required-for'], what },
    diagnostics,
  );
  const [path, kind, levels] = [byKey.get('path'), byKey.get('kind'), byKey.get('required-for')];
  const requiredFor = levels
    ? readList(levels.value).map((word) =>
        readWord(
          word,
          { list: maturityLevels, what: 'maturity level', spot: valueSpot(levels) },
          diagnostics,
        ),
      )
    : [];
  if (!path) {
    diagnostics.error('entry-malformed', entrySpot(entry), {
      message: 'This proof artifact has no path.',
      next: 'Write `- path: <file> | kind: <kind> | required-for: <level>`.',
    });
    return null;
  }
  const file = checkPath(path.value, { what: 'proof artifact', spot: valueSpot(path) }, diagnostics);
  if (file === null) return null;
  return {
    path: file,
    kind: kind ? unwrap(kind.value) : null,
    requiredFor: requiredFor.filter((level) => level !== null),
  };
}

const mayWriteKey = /^may[ -]write:/i;

/** Command lines, and `- may write: path, folder/`: what they may change besides ignored files. */
function readProofCommands(
  entries: readonly Entry[],
  diagnostics: Diagnostics,
): Pick<AgentSpec, 'proofCommands' | 'mayWrite'> {
  const paths = new Set<string>();
  for (const { text, index, column } of entries.filter((entry) => mayWriteKey.test(entry.text))) {
    const pair = splitPair(text, index, column);
    for (const word of pair === null ? [] : readList(pair.value)) {
      const spot = valueSpot(pair as Pair);
      const path = checkPath(word, { what: 'path that proof commands may write', spot }, diagnostics);
      if (path !== null) paths.add(path);
    }
  }
  const proofCommands = readCommands(entries.filter(({ text }) => !mayWriteKey.test(text)));
  return { proofCommands, ...(paths.size === 0 ? {} : { mayWrite: [...paths].sort() }) };
}

/** One command line per bullet; only a surrounding pair of backticks is taken away. */
function readCommands(entries: readonly Entry[]): string[] {
  const commands = entries
    .map(({ text }) => (text[0] === '`' ? unwrap(text) : text))
    .filter((text) => text !== '');
  return [...new Set(commands)];
}

function readAgentNames(entries: readonly Entry[], diagnostics: Diagnostics): string[] {
  const names = new Set<string>();
  for (const entry of entries) {
    const name = unwrap(entry.text);
    if (names.has(name))
      diagnostics.error('entry-duplicate', entrySpot(entry), {
        message: `${quote(name)} is listed twice.`,
        next: 'Remove one of the two lines.',
      });
    names.add(name);
  }
  return [...names];
}
