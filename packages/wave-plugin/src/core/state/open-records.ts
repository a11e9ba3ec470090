import type { LedgerEntry, Stage } from '@nx-wave/schemas';
import { stages } from '@nx-wave/schemas/plain';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { fullName, isNamed, sharedIds, type Named } from '../result/record-names';
import { isBlocking, isForPeople, type IdentifiedRecord } from '../result/records';
import { mainStage, stageRules } from '../stages';
import { presentStages } from '../wave-order';
import type { RecordSource } from './record-source';
import { routeCapability } from './route-capability';

/** A blocking record that nobody has discharged yet. */
export interface OpenRecord {
  record: IdentifiedRecord;
  /** Unit id of the author. */
  by: string;
  /** Unit ids that still owe an answer, sorted. */
  waitsFor: string[];
  /** True while a person owes one. */
  waitsForPeople: boolean;
  /** Targets that name nobody in this wave. */
  unroutable: string[];
  /** The one stage whose gate speaks of it. */
  dueStage: Stage;
}

/**
 * The open blocking records among the results of a wave, by author and id. A record is discharged by the ledger (an
 * answer, or the resolution of a contradiction), by its author, or when everybody it is addressed to has named its id in
 * `answers`: an answer closes the one assignment of the one who answers.
 */
export function openRecords(
  wave: ResolvedWave,
  sources: readonly RecordSource[],
  ledger: readonly LedgerEntry[],
): OpenRecord[] {
  const said = sources
    .flatMap((source) => source.records.map((record) => ({ source, record })))
    .filter((one): one is Said => one.record.id !== undefined);
  const shared = sharedIds(said.map(namedOf));
  const ground: Ground = { wave, sources, ledger, said, shared, answers: answersBy(sources) };
  return said
    .filter((one) => isBlocking(one.record) && !isDischarged(ground, one))
    .map((one) => openRecord(ground, one))
    .filter(
      ({ record, waitsFor, waitsForPeople, unroutable }) =>
        (record.targets ?? []).length === 0 || waitsFor.length > 0 || waitsForPeople || unroutable.length > 0,
    )
    .sort((a, b) => compare(a.by, b.by) || compare(a.record.id, b.record.id));
}

/** What every record of a wave is judged on. */
interface Ground {
  wave: ResolvedWave;
  sources: readonly RecordSource[];
  ledger: readonly LedgerEntry[];
  /** Every record of the wave. */
  said: readonly Said[];
  /** Ids that more than one agent uses. */
  shared: ReadonlySet<string>;
  answers: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A record with whose it is. */
interface Said {
  source: RecordSource;
  record: IdentifiedRecord;
}

const namedOf = ({ source, record }: Said): Named => ({ by: source.agentId, id: record.id });

/** Unit ids by what they name among what they answer. */
function answersBy(sources: readonly RecordSource[]): Map<string, Set<string>> {
  const answers = new Map<string, Set<string>>();
  for (const { agentId, records } of sources) {
    for (const text of records.flatMap((record) => record.answers ?? [])) {
      answers.set(text, (answers.get(text) ?? new Set()).add(agentId));
    }
  }
  return answers;
}

/** Unit ids of those who answer a record: by its full name, or by its id where that can mean no other. */
function answerersOf(ground: Ground, one: Said): Set<string> {
  const named = namedOf(one);
  const byId = [...(ground.answers.get(named.id) ?? [])];
  const meant = ground.shared.has(named.id) ? byId.filter((agentId) => means(ground, one, agentId)) : byId;
  return new Set([...(ground.answers.get(fullName(named)) ?? []), ...meant]);
}

/**
 * Whom somebody answers with an id that two agents use: the one whose record is addressed to the one who answers, or the
 * answerer; where that is not one alone it is nobody: better asked again than taken for answered.
 */
function means(ground: Ground, { source, record }: Said, agentId: string): boolean {
  const meant = ground.said.filter(
    (other) =>
      other.record.id === record.id &&
      (other.source.agentId === agentId ||
        targetsOf(namedOf(other), other.record, ground.ledger).some(
          (target) => target !== 'human' && assigneeOf(ground, target, other.source)?.unitId === agentId,
        )),
  );
  return meant.length > 0 && meant.every((other) => other.source.agentId === source.agentId);
}

function isDischarged(ground: Ground, one: Said): boolean {
  const { wave, ledger } = ground;
  const { source, record } = one;
  const answerers = answerersOf(ground, one);
  if (answerers.has(source.agentId)) return true;
  if (answerers.size > 0 && (record.targets ?? []).length === 0) return true;
  const author = unitOf(wave, source.agentId)?.agentId;
  return ledger.some(
    (entry) =>
      (entry.type === 'request.answered' &&
        entry.requestId === record.id &&
        (entry.agentId === source.agentId || entry.agentId === author)) ||
      (entry.type === 'contradiction.resolved' && isNamed(entry.contradictionId, namedOf(one))),
  );
}

function openRecord(ground: Ground, said: Said): OpenRecord {
  const { ledger } = ground;
  const { source, record } = said;
  const answerers = answerersOf(ground, said);
  const targets = targetsOf(namedOf(said), record, ledger).filter((target) => target !== 'human');
  const assignees = targets.map((target) => ({ target, unit: assigneeOf(ground, target, source) }));
  const waiting = assignees.flatMap(({ unit }) => unit ?? []).filter((unit) => !answerers.has(unit.unitId));
  const positions = waiting.map(({ stage }) => stages.indexOf(stage));
  return {
    record,
    by: source.agentId,
    waitsFor: [...new Set(waiting.map(({ unitId }) => unitId))].sort(),
    waitsForPeople: isForPeople({ ...record, targets: targetsOf(namedOf(said), record, ledger) }),
    unroutable: assignees.filter(({ unit }) => !unit).map(({ target }) => target),
    dueStage: dueStage(ground.wave, said, positions),
  };
}

/** The targets as written, or the one that a person reassigned the record to. */
function targetsOf(named: Named, record: IdentifiedRecord, ledger: readonly LedgerEntry[]): string[] {
  const reassigned = ledger.filter(
    (entry) => entry.type === 'request.reassigned' && isNamed(entry.requestId, named),
  );
  const last = reassigned.sort((a, b) => compare(a.id, b.id)).at(-1);
  return last?.type === 'request.reassigned' ? [last.to] : (record.targets ?? []);
}

/** The unit that `A2`, `agent:A2` or `capability:docs` names; of a hybrid the pass that is not the author's own stage first. */
function assigneeOf(
  { wave, sources }: Ground,
  target: string,
  author: RecordSource,
): ResolvedAgent | undefined {
  if (target.startsWith('capability:')) {
    const capability = target.slice('capability:'.length);
    return routeCapability(wave, { capability, author: author.agentId }, sources);
  }
  return unitOf(wave, target.startsWith('agent:') ? target.slice('agent:'.length) : target);
}

/** The unit of that id, or the last unit of the agent of that id. */
export function unitOf(wave: ResolvedWave, id: string): ResolvedAgent | undefined {
  return (
    wave.agents.find(({ unitId }) => unitId === id) ?? wave.agents.findLast(({ agentId }) => agentId === id)
  );
}

/**
 * Where an open record stops the wave: where the last of its assignees stands, never before its author. A contradiction
 * waits for the integration stage, whose steward may settle it.
 */
function dueStage(wave: ResolvedWave, { source, record }: Said, assignees: number[]): Stage {
  const settled = record.kind === 'contradiction' ? [stages.indexOf(settlingStage(wave))] : assignees;
  return stages[Math.max(stages.indexOf(source.stage), ...settled)] ?? source.stage;
}

/** The integration stage, or the last one that the wave has. */
function settlingStage(wave: ResolvedWave): Stage {
  const present = presentStages(wave);
  return present.find((stage) => stageRules[stage].settlesContradictions) ?? present.at(-1) ?? mainStage;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
