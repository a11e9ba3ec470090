import type { LedgerEntry, WaveConfig, WaveDefinition } from '@nx-wave/schemas';
import { digestOf, sha256, type Checked, type Failure } from '@nx-wave/schemas/plain';
import type { AgentLedgerView } from '../digest/keys';
import { ledgerView } from '../state/ledger-view';
import type { ResolvedWave, WaveIdentity } from '../model';
import { configFailuresOf } from '../resolve/config-failures';
import { waveIdentity } from '../resolve/identity';
import { configFile } from '../resolve/check-config';
import { createReferenceReader, levelsOf, type WaveReferences } from '../resolve/references';
import { isLanded, withExecutorChanges } from '../state/ledger';
import { isOfLedger, ledgerEntryOf } from '../state/ledger-shape';
import { guardProject, type GuardedProject } from './guard-targets';
import { type KeptOutlines } from './kept-outlines';
import { inferLanes, type InferredLane } from './lane-project';
import { readDefaults, type DefaultsReader } from './nx-defaults';
import { knowsUltracache, type NxFacts } from './nx-facts';
import type { InferredProject, LedgerFacts } from './inferred-project';
import { inferBrokenProject, projectOf } from './targets';
import { outlineOf, type WaveOutline } from './wave-outline';

/** Options of the plugin entry in nx.json. */
export interface InferenceOptions {
  /** More folders that hold wave files, workspace-relative. */
  include: string[];
  /** Put in front of every target name. */
  targetPrefix: string;
}

/** A text, or its bytes in UTF-8: where nothing has changed, nobody reads it as a text. */
export type WaveText = string | { bytes: Uint8Array; decode(): string };

/** What inference reads of the workspace, once per file. */
export interface WorkspaceFacts {
  config: WaveConfig;
  nx: NxFacts;
  /** What is wrong with the configuration: the waves that it rules stay in the graph and report it. */
  configFailures: readonly Failure[];
  /** Text of a file that the configuration names, or null. */
  read(path: string): string | null;
  /** Candidates: files named `wave-<n>.md`, wherever they are. */
  files: { path: string; text: WaveText }[];
  /** Workspace-relative folders that exist beside wave files: `docs/plans/waves/wave-3`. */
  folders: ReadonlySet<string>;
  /** Texts of the entries by ledger folder; one that is no entry decides nothing. */
  ledgers: ReadonlyMap<string, readonly string[]>;
}

/** Outlines of earlier runs, and the digest of the code that infers: none of another code counts. */
export interface Memory {
  code: string;
  outlines: KeptOutlines;
}

/** The language, as inference needs it. */
export interface Language {
  parse(
    file: { path: string; text: string },
    context: { config: WaveConfig; identity: WaveIdentity; levels?: readonly string[] | null },
  ): Checked<WaveDefinition>;
  resolve(
    definition: WaveDefinition,
    place: { identity: WaveIdentity; config: WaveConfig },
    options: { references: WaveReferences; text: string },
  ): Checked<ResolvedWave>;
}

export interface InferredWorkspace {
  /** The file that each project comes from, and the project. */
  projects: {
    source: string;
    project: InferredProject;
    wave: { path: string; include: string[]; shadowed: string[]; settings?: Failure[] } | null;
  }[];
  lanes: InferredLane[];
  failures: Failure[];
}

/** A wave file, whose it is, and why the configuration keeps it from being read. */
interface Claimant {
  identity: WaveIdentity;
  text: WaveText;
  configFailures: readonly Failure[];
}

/** A wave file that became a project, and all that its inference reads besides what the whole workspace shares. */
interface Winner extends Claimant {
  root: string;
  shadowed: string[];
  references: WaveReferences;
  /** Texts of the entries of its ledger. */
  ledger: readonly string[];
}

/**
 * Pure: every project of the workspace. A bad wave file costs its own targets and nothing else. With a `memory`, a wave
 * that would be read as it was read before is taken from there.
 */
export function inferWorkspace(
  facts: WorkspaceFacts,
  options: InferenceOptions,
  { language, memory = null }: { language: Language; memory?: Memory | null },
): InferredWorkspace {
  const claims = new Map<string, Claimant[]>();
  for (const { path, text } of facts.files) {
    const claimant = claimantOf({ path, text }, facts, options);
    if (claimant === null) continue;
    const { project } = claimant.identity;
    const others = claims.get(project);
    if (others) others.push(claimant);
    else claims.set(project, [claimant]);
  }
  const identities = [...claims.values()].flatMap((claimants) => claimants.map(({ identity }) => identity));
  const { winners, read } = winnersOf([...claims.values()], facts);
  const recall = memory && recallFrom(memory, digestOf([facts.config, read]));
  const projects: InferredWorkspace['projects'] = [];
  const failures: Failure[] = [];
  const defaults = readDefaults(facts.nx);
  const ultracache = knowsUltracache(facts.nx.version);
  for (const winner of winners) {
    const { identity, root, shadowed } = winner;
    const { path } = identity;
    const make = () => inferWave(winner, facts.config, language);
    const inferred = recall ? recall(winner, make) : make();
    if (!inferred.ok) failures.push(...inferred.failures);
    const project = (asCommands: boolean): InferredProject => {
      const placed = { root, targetPrefix: options.targetPrefix };
      return inferred.ok
        ? projectOf(inferred.outline, identity, { ...placed, shadowed, ultracache, asCommands })
        : inferBrokenProject(identity, placed, inferred.blamed);
    };
    const guarded = ruled(
      identity,
      { project, takesCommands: takesCommands(winner, facts, options) },
      defaults,
    );
    projects.push({
      source: path,
      project: guarded.project,
      wave: {
        ...{ path, include: options.include, shadowed },
        ...(guarded.settings.length > 0 ? { settings: guarded.settings } : {}),
      },
    });
  }
  return {
    projects: projects.sort((a, b) => (a.source < b.source ? -1 : 1)),
    lanes: inferLanes(facts.config, identities, options),
    failures,
  };
}

/** A task that runs as a command knows the path of its wave and nothing else of what the graph knows. */
function takesCommands(
  { shadowed, configFailures }: Winner,
  { nx }: WorkspaceFacts,
  { include }: InferenceOptions,
): boolean {
  return nx.startsCommands && include.length === 0 && shadowed.length === 0 && configFailures.length === 0;
}

/**
 * The project as settings of the workspace let it be: with commands where they are taken and no default of nx.json reaches the project
 * either way, as one for `nx:run-commands` would, and with executors of its own otherwise.
 */
function ruled(
  identity: WaveIdentity,
  { project, takesCommands }: { project: (asCommands: boolean) => InferredProject; takesCommands: boolean },
  defaults: DefaultsReader | null,
): GuardedProject {
  if (defaults === null) return { project: project(takesCommands), settings: [] };
  const guarded = guardProject(project(false), identity, defaults);
  if (!takesCommands || guarded.settings.length > 0) return guarded;
  const commands = project(true);
  return defaults(commands).length > 0 ? guarded : { project: commands, settings: [] };
}

/**
 * Whose a wave file is. While something is wrong with the configuration, a file in a folder that looks like one of waves
 * is not let go: it may be that very mistake which hides it, and a wave that vanished could not say so.
 */
function claimantOf(
  { path, text }: WorkspaceFacts['files'][number],
  { config, configFailures }: WorkspaceFacts,
  { include }: InferenceOptions,
): Claimant | null {
  const identity = waveIdentity(path, config, include);
  if (identity !== null)
    return { identity, text, configFailures: configFailuresOf(configFailures, identity) };
  const likely = configFailures.length > 0 ? waveIdentity(path, config, ['**/plans/waves']) : null;
  return likely === null ? null : { identity: likely, text, configFailures };
}

/** The file that keeps each project's name, and what was read to read it: [path, digest of the text] of other documents. */
function winnersOf(
  claims: readonly Claimant[][],
  { config, read: readText, folders, ledgers }: WorkspaceFacts,
): { winners: Winner[]; read: [path: string, content: string | null][] } {
  const read: [string, string | null][] = [];
  const referencesOf = createReferenceReader(config, (path) => {
    const text = readText(path);
    read.push([path, text === null ? null : sha256(text)]);
    return text;
  });
  const winners = claims.flatMap((claimants): Winner[] => {
    const [winner, ...others] = claimants.sort(
      (a, b) =>
        a.identity.path.length - b.identity.path.length || (a.identity.path < b.identity.path ? -1 : 1),
    );
    if (winner === undefined) return [];
    const { identity } = winner;
    return [
      {
        ...winner,
        root: rootOf(identity, folders),
        shadowed: others.map((other) => other.identity.path),
        references: referencesOf(identity),
        ledger: ledgers.get(identity.ledgerDir) ?? [],
      },
    ];
  });
  return { winners, read };
}

/** The outline of a wave, or what keeps it from having one. */
type Inferred =
  { ok: true; outline: WaveOutline } | { ok: false; blamed: string; failures: readonly Failure[] };

/**
 * Takes outlines from memory by the digest of everything that they are made from: `ground` stands for what all waves
 * share. A wave with a report is read again each time.
 */
function recallFrom(
  { code, outlines }: Memory,
  ground: string,
): (winner: Winner, make: () => Inferred) => Inferred {
  return ({ identity, text, configFailures, ledger }, make) => {
    if (configFailures.length > 0) return make();
    // The order of members is that of the code, which is part of the key: another order is a miss.
    const content = typeof text === 'string' ? text : text.bytes;
    const key = sha256(JSON.stringify([code, ground, identity, ledger]), '\n', content);
    const known = outlines.find(key);
    if (known) return { ok: true, outline: known };
    const inferred = make();
    if (inferred.ok) outlines.keep(key, inferred.outline);
    return inferred;
  };
}

function inferWave(
  { identity, text: given, configFailures, references, ledger: entries }: Winner,
  config: WaveConfig,
  language: Language,
): Inferred {
  if (configFailures.length > 0) return { ok: false, blamed: configFile, failures: configFailures };
  const text = typeof given === 'string' ? given : given.decode();
  const parsed = language.parse({ path: identity.path, text }, { config, identity, ...levelsOf(references) });
  const resolved = parsed.ok
    ? language.resolve(parsed.value, { identity, config }, { references, text })
    : parsed;
  if (!resolved.ok)
    return {
      ok: false,
      blamed: identity.path,
      failures: parsed.ok ? [...parsed.warnings, ...resolved.failures] : resolved.failures,
    };
  const ledger = entries
    .map(ledgerEntryOf)
    .filter((entry) => entry !== null)
    .filter((entry) => isOfLedger(entry, identity.ledgerDir));
  const wave = withExecutorChanges(resolved.value, ledger);
  return { ok: true, outline: outlineOf(wave, ledgerFacts(wave, ledger)) };
}

const nothingInLedger: AgentLedgerView = { epoch: null, entries: [] };

/** What targets ask the ledger; each agent's view is made once. */
function ledgerFacts(wave: ResolvedWave, ledger: readonly LedgerEntry[]): LedgerFacts {
  const views = new Map(
    ledger.length === 0 ? [] : wave.agents.map((agent) => [agent.unitId, ledgerView(ledger, agent)]),
  );
  return { landed: isLanded(ledger), agent: (unitId) => views.get(unitId) ?? nothingInLedger };
}

/** The wave's own folder if it has one, else the virtual folder beside the file. */
function rootOf(identity: WaveIdentity, folders: ReadonlySet<string>): string {
  const slash = identity.path.lastIndexOf('/');
  const folder = identity.path.slice(0, Math.max(0, slash));
  const name = `wave-${identity.waveNumber}`;
  if (folder.endsWith(`/${name}`) && !folders.has(`${folder}/${name}`)) return folder;
  return folder === '' ? name : `${folder}/${name}`;
}
