import type { RoleId, Stage, Usage } from '@nx-wave/schemas';
import type { Failure, StrengthLevel } from '@nx-wave/schemas/plain';
import { describeUnitForecast, describeWaveForecast, type WaveForecast } from '../forecast';
import { describeIngredientChange, type IngredientChange } from '../digest/ingredients';
import { addUsage, describeUsage } from '../usage';
import { describeSource, type ProofSource } from '../verify/proof-source';
import { withDependencies } from '../wave-order';
import { count } from '../count';
import { describeFailure } from './describe-failure';
import { alignTable } from './table';

/**
 * What a launch would do with one agent. `run`: its program is started. `reuse`: stored proof is served. `verify`:
 * stored work is judged again, no program runs. `wait`: what it builds on is not there yet, so its key is unknown.
 * `refused`: it needs to run and may not. `landed`: the wave has landed, nothing runs.
 */
export type PlannedAction = 'run' | 'reuse' | 'verify' | 'wait' | 'refused' | 'landed';

/** A launch as it would be made; `/checkout` and `/scratch` stand for folders that are made then. */
export interface PlannedCommand {
  command: string;
  args: string[];
  /** Names of the variables that the executor adds. */
  env: string[];
  files: string[];
  /** What a person must know before it runs, such as permissions that are given away. */
  notices: string[];
}

export interface PlannedUnit {
  unitId: string;
  target: string;
  title: string;
  role: RoleId;
  stage: Stage;
  action: PlannedAction;
  /** One sentence. */
  why: string;
  /** Where the stored proof or work comes from that is served or judged again; null where none is. */
  from: ProofSource | null;
  /** The target that it waits for, or null. */
  dependsOn: string | null;
  /** Null while it waits. */
  workKey: string | null;
  acceptanceKey: string;
  /** What differs from the bundle in `since`. */
  changed: IngredientChange[];
  since: string | null;
  /** Attempts that are known. */
  attempts: number;
  /** The attempt whose patch the next one goes on from, or null. */
  continuesFrom: string | null;
  executor: {
    id: string;
    model: string | null;
    selectedBy: string;
    available: boolean;
    fallbacks: { id: string; available: boolean }[];
  };
  /** Null where no program could be started as it is declared; `problems` says why. */
  command: PlannedCommand | null;
  /** The cage around the agent and the one around its proof commands, in words. */
  cage: { agent: string; proofs: string };
  /** File with the whole prompt; null while it cannot be compiled. */
  prompt: string | null;
  inputs: { context: string[]; owned: string[]; deliverables: string[]; proofCommands: string[] };
  /** What its proof has to be worth. `unmeasured`: why that will not be measured, as far as it can be foretold. */
  proofStrength: {
    level: StrengthLevel;
    reason: string | null;
    unmeasured: string | null;
    /** Names of commands that are kept from it. */
    heldOut: string[];
  };
  /** What the last attempt that was paid for used; null where there was none. */
  estimate: { usage: Usage | null; minutes: number | null };
  problems: Failure[];
}

export interface WavePlan {
  schemaVersion: 1;
  wave: string;
  landed: boolean;
  /** `auto`, `local-only` or `never`. */
  runMode: string;
  /** What may hold proof and is not asked: a launch may run less than is planned. */
  notAsked: string[];
  units: PlannedUnit[];
  /** What a launch would cost, and how long it would take. */
  forecast: WaveForecast;
  conflicts: string[];
  /** What makes targets of the wave fail before any agent runs. */
  stops: Failure[];
  /** What a launch runs in spite of; errors among them are rules that `lint-waves` asks for. */
  warnings: Failure[];
}

/** Paths that two agents may both change. Inside a stage they run at the same time; later stages build on earlier ones. */
export function findOwnershipConflicts(
  units: readonly {
    unitId: string;
    stage: string;
    owned: readonly string[];
    dependsOn: readonly string[];
  }[],
): string[] {
  const builds = (unit: string, on: string): boolean =>
    withDependencies({ agents: units }, [unit]).includes(on);
  const conflicts: string[] = [];
  units.forEach((unit, position) => {
    for (const other of units.slice(position + 1)) {
      const named = [...new Set([...unit.owned, ...other.owned])].sort();
      const paths = named.filter((path) => owns(unit.owned, path) && owns(other.owned, path));
      if (paths.length === 0) continue;
      const how =
        unit.stage === other.stage && builds(unit.unitId, other.unitId)
          ? `${unit.unitId} builds on what ${other.unitId} left`
          : unit.stage === other.stage && !builds(other.unitId, unit.unitId)
            ? 'in the same stage: their slices may conflict'
            : `${other.unitId} builds on what ${unit.unitId} left`;
      conflicts.push(`${unit.unitId} and ${other.unitId} both own ${paths.join(', ')}; ${how}`);
    }
  });
  return conflicts;
}

function owns(list: readonly string[], path: string): boolean {
  return list.some((owned) => owned === path || (owned.endsWith('/') && path.startsWith(owned)));
}

/** The plan for people. `prompts` gives the text of a prompt by unit id where prompts are asked for. */
export function planLines(plan: WavePlan, prompts: ReadonlyMap<string, string> | null = null): string[] {
  const stored = plan.units.some(({ from }) => from !== null);
  const from = (words: string) => (stored ? [words] : []);
  return [
    `${plan.wave}: ${summaryOf(plan)}`,
    '',
    ...alignTable([
      ['agent', 'stage', 'executor', 'action', ...from('from'), 'why'],
      ...plan.units.map((unit) => [
        unit.unitId,
        unit.stage,
        executorWords(unit),
        unit.action,
        ...from(unit.from === null ? '-' : describeSource(unit.from)),
        unit.why,
      ]),
    ]),
    ...plan.units.flatMap((unit) => unitLines(unit, prompts)),
    ...block('Ownership', plan.conflicts),
    ...block('Stops the launch', stopLines(plan)),
    ...block(
      'Advice (a launch runs all the same)',
      plan.warnings.flatMap((one) => describeFailure(one).split('\n')),
    ),
    '',
    ...forecastLines(plan),
    `Estimate: ${estimateOf(plan)}`,
  ];
}

function forecastLines({ forecast }: WavePlan): string[] {
  if (forecast.units.length === 0) return [];
  const units = forecast.units.map((unit) => `  ${unit.unitId}: ${describeUnitForecast(unit)}`);
  return [`Forecast: ${describeWaveForecast(forecast)}`, ...units, ''];
}

function summaryOf(plan: WavePlan): string {
  if (plan.landed) return 'has landed, nothing runs';
  const words: [PlannedAction, string][] = [
    ['run', 'to run'],
    ['verify', 'to verify again'],
    ['reuse', 'to reuse'],
    ['wait', 'waiting'],
    ['refused', 'refused'],
  ];
  const counts = words.flatMap(([action, text]) => {
    const amount = plan.units.filter((unit) => unit.action === action).length;
    return amount === 0 ? [] : [`${amount} ${text}`];
  });
  const { runMode, notAsked } = plan;
  const held = `${notAsked.join(' and ')} ${notAsked.length === 1 ? 'holds is' : 'hold is'} not asked`;
  return `${counts.join(', ')} (dry run, run mode ${runMode}; what ${held})`;
}

function executorWords({ executor }: PlannedUnit): string {
  return executor.model === null ? executor.id : `${executor.id} ${executor.model}`;
}

function unitLines(unit: PlannedUnit, prompts: ReadonlyMap<string, string> | null): string[] {
  if (unit.action === 'reuse' || unit.action === 'landed')
    return unit.problems.length === 0
      ? []
      : ['', ...unit.problems.flatMap((one) => describeFailure(one).split('\n'))];
  const lines = [
    ...(unit.since === null || unit.changed.length === 0
      ? []
      : [`changed since ${unit.since}: ${unit.changed.map(describeIngredientChange).join(', ')}`]),
    ...(unit.continuesFrom === null ? [] : [`goes on from: ${unit.continuesFrom}`]),
    ...(unit.command === null ? [] : [`command: ${commandLine(unit.command)}`]),
    ...(unit.command?.notices ?? []).map((notice) => `notice: ${notice}`),
    `cage: ${unit.cage.agent}`,
    ...(unit.inputs.proofCommands.length === 0 ? [] : [`cage of its proof: ${unit.cage.proofs}`]),
    ...(unit.prompt === null ? [] : [`prompt: ${unit.prompt}`]),
    `owns: ${unit.inputs.owned.join(', ')}`,
    ...(unit.inputs.context.length === 0 ? [] : [`reads: ${unit.inputs.context.join(', ')}`]),
    ...unit.inputs.proofCommands.map((command) => `proof: ${command}`),
    ...strengthWords(unit),
    ...unit.problems.flatMap((problem) => describeFailure(problem).split('\n')),
  ];
  const text = prompts?.get(unit.unitId);
  return [
    '',
    `${unit.unitId}: ${unit.title}`,
    ...lines.map((line) => `  ${line}`),
    ...(text === undefined ? [] : ['', ...text.split('\n').map((line) => `  | ${line}`.trimEnd())]),
  ];
}

/** The strength of the proof, where an agent has any. */
function strengthWords({ inputs, proofStrength }: PlannedUnit): string[] {
  const { level, reason, unmeasured, heldOut } = proofStrength;
  const held = heldOut.map((name) => `${name}: kept from agents, run on the merged tree`);
  if (inputs.proofCommands.length === 0) return held;
  const why = reason === null ? '' : ` (${reason})`;
  const advice = `advisory: proof-unmeasured: ${unmeasured ?? ''}; the level counts as met`;
  return [`proof strength: ${level}${why}`, ...(unmeasured === null ? [] : [advice]), ...held];
}

/** A command line as a person would type it; long words are cut, `--json` has them whole. */
export function commandLine({ command, args }: PlannedCommand): string {
  return [command, ...args]
    .map((word) => quoteWord(word.length > 160 ? `${word.slice(0, 157)}…` : word))
    .join(' ');
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Everything that has to be put right before the agents can run. */
function stopLines(plan: WavePlan): string[] {
  return [
    ...plan.stops.flatMap((one) => describeFailure(one).split('\n')),
    ...plan.units.filter(({ action }) => action === 'refused').map(({ unitId, why }) => `${unitId}: ${why}`),
    ...missingPrograms(plan),
  ];
}

function missingPrograms(plan: WavePlan): string[] {
  const missing = new Map<string, string[]>();
  for (const { unitId, executor, action } of plan.units) {
    if (executor.available || action === 'reuse' || action === 'landed') continue;
    missing.set(executor.id, [...(missing.get(executor.id) ?? []), unitId]);
  }
  return [...missing].map(([id, units]) => `${id} (for ${units.join(', ')}) is not on PATH`);
}

function estimateOf(plan: WavePlan): string {
  const paid = plan.units.filter(({ action }) => action === 'run' || action === 'wait');
  if (paid.length === 0) return 'nothing has to be paid';
  const known = paid.filter(({ estimate }) => estimate.usage !== null);
  const total = known.reduce<Usage | null>((sum, { estimate }) => addUsage(sum, estimate.usage), null);
  const unknown = paid.length - known.length;
  const rest =
    unknown === 0
      ? ''
      : `${unknown} of ${count(paid.length, 'agent')} ${unknown === 1 ? 'has' : 'have'} no earlier attempt to go by`;
  if (total === null) return `unknown: ${rest}`;
  return `${describeUsage(total)} by earlier attempts${rest === '' ? '' : `; ${rest}`}`;
}

function block(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
