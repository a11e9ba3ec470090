import { isObject, objectsOf, projectOf, textAt, textOf, textsOf, upcastTaskId, type Json } from './former';

/** Kinds of coordination records that we call otherwise. */
const formerKinds: Record<string, string> = {
  ack: 'evidence',
  'integration-summary': 'evidence',
  'orchestrator-guidance': 'decision',
  'resolved-by-policy': 'decision',
  'human-feedback': 'clarification-request',
  'human-escalation': 'clarification-request',
};

const closed = ['resolved', 'closed', 'superseded', 'cancelled'];

/** Lifts a coordination record of the earlier system. A closed one blocks nothing any more. */
export function upcastRecord(value: unknown): unknown {
  if (!isObject(value) || !('recordVersion' in value || 'blockerSeverity' in value || 'status' in value))
    return value;
  const { blockerSeverity, severity, detail, ...rest } = value;
  const kind = textOf(value['kind']) ?? '';
  const isClosed = closed.includes(textOf(value['status']) ?? '');
  const known = severity ?? blockerSeverity;
  return {
    ...rest,
    kind: Object.hasOwn(formerKinds, kind) ? formerKinds[kind] : kind,
    summary: textAt(value, 'summary', 'detail') ?? kind,
    ...(textOf(detail) === null ? {} : { detail }),
    ...(isClosed ? { blocking: false } : {}),
    ...(known === undefined || known === null ? {} : { severity: known }),
  };
}

/** Lifts a fact: its content may have been an object. */
export function upcastFact(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { content } = value;
  return content === undefined || typeof content === 'string'
    ? value
    : { ...value, content: JSON.stringify(content) };
}

export function upcastContradiction(value: unknown): unknown {
  if (!isObject(value) || 'schemaVersion' in value) return value;
  const wave = projectOf(value);
  if (wave === null) return value;
  const { resolution } = value;
  return {
    ...without(value, ['waveNumber', 'lane']),
    schemaVersion: 1,
    wave,
    status: value['status'] ?? 'detected',
    severity: value['severity'] ?? 'blocking',
    reportedBy: textOf(value['reportedBy']) ?? 'unknown',
    parties: objectsOf(value['parties']).flatMap((party) => {
      const agentId = textOf(party['agentId']);
      if (agentId === null) return [];
      return [
        { ...party, agentId, claim: textOf(party['claim']) ?? '', evidence: textOf(party['evidence']) },
      ];
    }),
    affectedTasks: textsOf(value['affectedTasks']).map((id) => upcastTaskId(id, wave)),
    affectedFacts: textsOf(value['affectedFacts']),
    impactedGates: Array.isArray(value['impactedGates'])
      ? textsOf(value['impactedGates'])
      : ['integrationBarrier'],
    resolution: isObject(resolution) ? { ...resolution, detail: textOf(resolution['detail']) } : null,
  };
}

/** Kinds that the design papers of the earlier system name besides its own. */
const formerInputKinds: Record<string, string> = { approval: 'human-input', decision: 'human-input' };

export function upcastHumanInput(value: unknown): unknown {
  if (!isObject(value) || 'schemaVersion' in value) return value;
  const wave = projectOf(value);
  const requestId = textAt(value, 'requestId', 'humanInputId');
  if (wave === null || requestId === null) return value;
  const kind = textOf(value['kind']) ?? 'human-input';
  const state = textAt(value, 'state', 'status') ?? 'open';
  const { response } = value;
  return {
    ...without(value, [
      'waveNumber',
      'lane',
      'status',
      'operator',
      'response',
      'humanInputId',
      'assignedTo',
      'requestedBy',
    ]),
    schemaVersion: 1,
    requestId,
    wave,
    agentId: textAt(value, 'agentId', 'requestedBy', 'requesterAgentId') ?? 'unknown',
    kind: Object.hasOwn(formerInputKinds, kind) ? formerInputKinds[kind] : kind,
    state: state.replace('-', '_'),
    summary: textAt(value, 'summary', 'question', 'title', 'prompt', 'detail') ?? requestId,
    detail: textAt(value, 'detail', 'context'),
    assignee: textAt(value, 'assignee', 'assignedTo'),
    answer: textAt(value, 'answer') ?? textOf(isObject(response) ? response['text'] : response),
    answeredBy: textAt(value, 'answeredBy', 'operator'),
  };
}

function without(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
