import type { LedgerEntry, WaveConfig, WaveDefinition } from '@nx-wave/schemas';
import { canonicalJson, digestOf, sha256, type Checked, type Failure } from '@nx-wave/schemas/plain';
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
import { type KeptProjects } from './kept-projects';
import { inferLanes, type InferredLane } from './lane-project';
import { readDefaults, type DefaultsReader } from './nx-defaults';
import { knowsUltracache, type NxFacts } from './nx-facts';
import type { InferredProject, LedgerFacts } from './inferred-project';
import { inferBrokenProject, inferTargets } from './targets';
import { asCommands } from './task-commands';

/** Options of the plugin entry in nx.json. */
export interface InferenceOptions {
  /** More folders that hold wave files, workspace-relative. */
  include: string[];
  /** Put in front of every target name. */
  targetPrefix: string;
}

/** What inference reads of the workspace, once per file. */
export interface WorkspaceFacts {
  config: WaveConfig;
  nx: NxFacts;
  /** What is wrong with the configuration: the waves that it rules stay in the graph and report it. */
  configFailures: readonly Failure[];
  /** Text of a file that the configuration names, or null. */
  read(path: string): string | null;
  /** Candidates: files named `wave-<n>.md`, wherever they are. */
  files: { path: string; text: string }[];
  /** Workspace-relative folders that exist beside wave files: `docs/plans/waves/wave-3`. */
  folders: ReadonlySet<string>;
  /** Texts of the entries by ledger folder; one that is no entry decides nothing. */
  ledgers: ReadonlyMap<string, readonly string[]>;
}

/** Projects of earlier runs, and the digest of the code that infers: none of another code counts. */
export interface Memory {
  code: string;
  projects: KeptProjects;
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
  text: string;
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
 * whose inference would read what it has read before is taken from there.
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
  const recall = memory && recallFrom(memory, digestOf([facts.config, facts.nx.version, options, read]));
  const projects: InferredWorkspace['projects'] = [];
  const failures: Failure[] = [];
  const defaults = readDefaults(facts.nx);
  for (const winner of winners) {
    const { path } = winner.identity;
    const make = () => inferWave(winner, facts, { options, language });
    const inferred = recall ? recall(winner, make) : make();
    failures.push(...inferred.failures);
    const commands = takesCommands(winner, facts, options) ? asCommands(inferred.project, path) : null;
    const { project, settings } = ruled(winner, { own: inferred.project, commands }, defaults);
    projects.push({
      source: path,
      project,
      wave: {
        ...{ path, include: options.include, shadowed: winner.shadowed },
        ...(settings.length > 0 ? { settings } : {}),
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
 * The project as settings of the workspace let it be: with commands where they are given and no default of nx.json reaches the project
 * either way, as one for `nx:run-commands` would, and with executors of its own otherwise.
 */
function ruled(
  { identity }: Winner,
  { own, commands }: { own: InferredProject; commands: InferredProject | null },
  defaults: DefaultsReader | null,
): GuardedProject {
  const guarded = defaults === null ? { project: own, settings: [] } : guardProject(own, identity, defaults);
  const isReached =
    guarded.settings.length > 0 || (commands !== null && (defaults?.(commands) ?? []).length > 0);
  return commands === null || isReached ? guarded : { project: commands, settings: [] };
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

interface InferredWave {
  project: InferredProject;
  failures: Failure[];
}

/**
 * Takes waves from memory by the digest of everything that their inference reads: `ground` stands for what all of them
 * share. A wave with a report is read again each time.
 */
function recallFrom(
  { code, projects }: Memory,
  ground: string,
): (winner: Winner, make: () => InferredWave) => InferredWave {
  return ({ identity, text, configFailures, root, shadowed, ledger }, make) => {
    if (configFailures.length > 0) return make();
    const rest = [code, ground, identity, root, shadowed, ledger] as const;
    const key = sha256(`${canonicalJson(rest)}\n${text}`);
    const known = projects.find(key, identity, root);
    if (known) return { project: known, failures: [] };
    const inferred = make();
    if (inferred.failures.length === 0) projects.keep(key, inferred.project);
    return inferred;
  };
}

function inferWave(
  { identity, text, configFailures, root, shadowed, references, ledger: entries }: Winner,
  { config, nx }: WorkspaceFacts,
  { options, language }: { options: InferenceOptions; language: Language },
): InferredWave {
  const broken = (blamed: string, failures: readonly Failure[]) => ({
    project: inferBrokenProject(identity, { root, targetPrefix: options.targetPrefix }, blamed),
    failures: [...failures],
  });
  if (configFailures.length > 0) return broken(configFile, configFailures);
  const parsed = language.parse({ path: identity.path, text }, { config, identity, ...levelsOf(references) });
  const resolved = parsed.ok
    ? language.resolve(parsed.value, { identity, config }, { references, text })
    : parsed;
  if (!resolved.ok)
    return broken(identity.path, parsed.ok ? [...parsed.warnings, ...resolved.failures] : resolved.failures);
  const ledger = entries
    .map(ledgerEntryOf)
    .filter((entry) => entry !== null)
    .filter((entry) => isOfLedger(entry, identity.ledgerDir));
  const wave = withExecutorChanges(resolved.value, ledger);
  const project = inferTargets(wave, {
    root,
    targetPrefix: options.targetPrefix,
    ledger: ledgerFacts(wave, ledger),
    shadowed,
    ultracache: knowsUltracache(nx.version),
  });
  return { project, failures: [] };
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
