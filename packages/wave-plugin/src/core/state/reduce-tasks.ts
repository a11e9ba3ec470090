import type { Task, TaskEdge, TaskStatus, TaskType } from '@nx-wave/schemas';
import { digestOf, type JsonValue, type Stage } from '@nx-wave/schemas/plain';
import { workSlice } from '../digest/keys';
import { groupedBy } from '../grouped-by';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { stageRules } from '../stages';
import { previousStage } from '../wave-order';
import type { OpenQuestion } from './wave-evidence';
import type { OpenRecord } from './open-records';
import type { UnitState } from './wave-state';

export interface TaskEvidence {
  wave: ResolvedWave;
  units: readonly UnitState[];
  openRecords: readonly OpenRecord[];
  questions: readonly OpenQuestion[];
  landed: boolean;
  closureReady: boolean;
}

/** What has to be done before the wave closes: one task per unit, per promotion, and per open thing. Sorted by id. */
export function reduceTasks(evidence: TaskEvidence): Task[] {
  const places = placesOf(evidence);
  const tasks = [
    ...evidence.units.map((unit) => unitTask(evidence, unit, places)),
    ...evidence.wave.promotions.map((promotion) => promotionTask(evidence, promotion)),
    ...evidence.openRecords.map((open) => recordTask(evidence, open)),
    ...evidence.questions.map((question) => questionTask(evidence, question)),
  ];
  return tasks.sort((a, b) => (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0));
}

/** Where the units of a wave stand, looked up once for all tasks. */
interface Places {
  specs: ReadonlyMap<string, ResolvedAgent>;
  units: ReadonlyMap<string, UnitState>;
  /** Units of the stage before, by stage. */
  before: ReadonlyMap<Stage, readonly UnitState[]>;
}

function placesOf({ wave, units }: TaskEvidence): Places {
  const byStage = groupedBy(units, ({ stage }) => stage);
  const before = [...byStage.keys()].map((stage): [Stage, readonly UnitState[]] => {
    const earlier = previousStage({ agents: units }, stage);
    return [stage, earlier === null ? [] : (byStage.get(earlier) ?? [])];
  });
  return {
    specs: new Map(wave.agents.map((one) => [one.unitId, one])),
    units: new Map(units.map((one) => [one.unitId, one])),
    before: new Map(before),
  };
}

function unitTask(evidence: TaskEvidence, unit: UnitState, places: Places): Task {
  const { wave, questions } = evidence;
  const spec = places.specs.get(unit.unitId);
  const needed = unit.dependsOn.flatMap((unitId) => places.units.get(unitId) ?? []);
  const edges = [
    ...[...new Set([...(places.before.get(unit.stage) ?? []), ...needed])].map((other) => edge(wave, other)),
    ...questions
      .filter(({ agentId }) => agentId === unit.unitId)
      .map((question): TaskEdge => ({
        taskId: questionTaskId(wave, question),
        kind: 'blocks',
        status: 'pending',
      })),
  ];
  return {
    ...task(wave, {
      taskId: unitTaskId(wave, unit),
      taskType: unit.role,
      title: unit.title,
      asked: spec ? workSlice(spec, wave) : unit.unitId,
    }),
    assignee: unit.unitId,
    status: unitStatus(unit),
    closureState: unit.closureState === 'failed' ? 'open' : unit.closureState,
    components: (spec?.components ?? []).map(({ componentId, targetLevel }) => ({
      componentId,
      targetLevel,
    })),
    edges: edges.sort((a, b) => (a.taskId < b.taskId ? -1 : 1)),
  };
}

/** A promotion is done when every unit that owns the component is. */
function promotionTask(
  evidence: TaskEvidence,
  promotion: { componentId: string; targetLevel: string },
): Task {
  const { wave, units } = evidence;
  const owners = units.filter(({ unitId, stage }) => {
    const spec = wave.agents.find((agent) => agent.unitId === unitId);
    return (
      !stageRules[stage].prepares &&
      spec?.components.some(({ componentId }) => componentId === promotion.componentId)
    );
  });
  const proven = owners.length > 0 && owners.every(({ status }) => status === 'proven');
  const title = `Promote ${promotion.componentId} to ${promotion.targetLevel}`;
  return {
    ...task(wave, {
      taskId: `${wave.identity.project}:promotion:${promotion.componentId}`,
      taskType: 'component',
      title,
      asked: promotion,
    }),
    assignee: owners.length === 1 ? (owners[0]?.unitId ?? null) : null,
    status: proven ? (evidence.closureReady || evidence.landed ? 'completed' : 'proven') : 'pending',
    closureState: proven ? wholeState(evidence) : 'open',
    components: [{ componentId: promotion.componentId, targetLevel: promotion.targetLevel }],
    edges: owners.map((owner) => edge(wave, owner)).sort((a, b) => (a.taskId < b.taskId ? -1 : 1)),
  };
}

const recordTypes: Readonly<Record<string, TaskType>> = {
  request: 'helper',
  'clarification-request': 'clarification',
  contradiction: 'contradiction',
};

function recordTask(evidence: TaskEvidence, { record, by, waitsFor, waitsForPeople }: OpenRecord): Task {
  const { wave, units } = evidence;
  const taskType = recordTypes[record.kind] ?? 'blocker';
  const taskId = `${wave.identity.project}:${taskType}:${by}:${record.id}`;
  return {
    ...task(wave, { taskId, taskType, title: record.summary, asked: { by, record } }),
    assignee: waitsFor[0] ?? (waitsForPeople ? 'human' : null),
    status: waitsForPeople || waitsFor.length === 0 ? 'blocked' : 'pending',
    edges: units.filter(({ unitId }) => waitsFor.includes(unitId)).map((unit) => edge(wave, unit)),
    sourceRecordId: record.id,
  };
}

function questionTask({ wave }: TaskEvidence, question: OpenQuestion): Task {
  const taskId = questionTaskId(wave, question);
  return {
    ...task(wave, { taskId, taskType: 'human-input', title: question.summary, asked: { ...question } }),
    assignee: 'human',
    status: 'blocked',
    sourceRecordId: question.requestId,
  };
}

/** The parts that every task has; what is asked decides its content hash. */
function task(
  wave: ResolvedWave,
  { taskId, taskType, title, asked }: { taskId: string; taskType: TaskType; title: string; asked: unknown },
): Task {
  return {
    schemaVersion: 1,
    taskId,
    wave: wave.identity.project,
    taskType,
    title,
    assignee: null,
    contentHash: digestOf({ taskType, title, asked: asked as JsonValue }),
    status: 'pending',
    closureState: 'open',
    components: [],
    edges: [],
    sourceRecordId: null,
  };
}

function edge(wave: ResolvedWave, unit: UnitState): TaskEdge {
  return { taskId: unitTaskId(wave, unit), kind: 'blocks', status: unitStatus(unit) };
}

function unitTaskId(wave: ResolvedWave, unit: UnitState): string {
  return `${wave.identity.project}:${unit.target}`;
}

function questionTaskId(wave: ResolvedWave, { agentId, requestId }: OpenQuestion): string {
  return `${wave.identity.project}:human-input:${agentId}:${requestId}`;
}

function unitStatus({ status, closureState }: UnitState): TaskStatus {
  if (closureState === 'closed') return 'completed';
  if (status === 'proven') return 'proven';
  if (status === 'asking') return 'blocked';
  return status === 'interrupted' || status === 'running' ? 'in_progress' : 'pending';
}

function wholeState({ landed, closureReady }: TaskEvidence): Task['closureState'] {
  return landed ? 'closed' : closureReady ? 'wave_closure_ready' : 'owned_slice_proven';
}
