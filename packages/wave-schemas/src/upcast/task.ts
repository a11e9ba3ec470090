import { isObject, objectsOf, projectOf, taskIdOf, textAt, textOf, upcastTaskId, type Json } from './former';

/** The roles that the earlier system had: its word for the slice of an agent. */
const formerRoles = [
  'design',
  'implementation',
  'infra',
  'deploy',
  'research',
  'cont-eval',
  'security',
  'integration',
  'documentation',
  'cont-qa',
];

const formerTypes: Record<string, string> = {
  dependency: 'helper',
  escalation: 'human-input',
  'security-review': 'security',
  qa: 'cont-qa',
  eval: 'cont-eval',
};

/** Lifts a task entity of the earlier system: the slice of an agent is named by its Nx task. Leases are dropped. */
export function upcastTask(value: unknown): unknown {
  if (!isObject(value) || 'schemaVersion' in value) return value;
  const project = projectOf(value);
  const taskId = textOf(value['taskId']);
  if (project === null || taskId === null) return value;
  const given = textOf(value['taskType']) ?? '';
  const taskType = Object.hasOwn(formerTypes, given) ? (formerTypes[given] as string) : given;
  const owner = textAt(value, 'ownerAgentId');
  const isSlice = owner !== null && formerRoles.includes(taskType);
  return {
    ...without(value),
    schemaVersion: 1,
    taskId: isSlice ? taskIdOf(project, owner) : upcastTaskId(taskId, project),
    wave: project,
    taskType,
    title: textOf(value['title']) ?? taskId,
    assignee: textAt(value, 'assigneeAgentId', 'ownerAgentId'),
    contentHash: value['contentHash'],
    status: value['status'] ?? 'pending',
    closureState: value['closureState'] ?? 'open',
    components: objectsOf(value['components']).flatMap((component) => {
      const componentId = textAt(component, 'componentId', 'component');
      const targetLevel = textAt(component, 'targetLevel', 'target', 'level');
      return componentId === null || targetLevel === null ? [] : [{ componentId, targetLevel }];
    }),
    edges: objectsOf(value['dependencyEdges']).flatMap((edge) => {
      const other = textOf(edge['taskId']);
      if (other === null) return [];
      return [{ taskId: upcastTaskId(other, project), kind: 'blocks', status: edge['status'] ?? 'pending' }];
    }),
    sourceRecordId: textOf(value['sourceRecordId']),
  };
}

/** What says nothing any more: clocks, leases and the numbers that the new header holds in another form. */
function without(value: Json): Json {
  const gone =
    /^(lease|createdAt$|updatedAt$|version$|waveNumber$|lane$|dependencyEdges$|ownerAgentId$|assigneeAgentId$)/;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !gone.test(key)));
}
