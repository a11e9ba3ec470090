import {
  isObject,
  objectsOf,
  projectOf,
  sortedSet,
  taskIdOf,
  textAt,
  textOf,
  textsOf,
  upcastTaskId,
  type Json,
} from './former';
import { upcastPhase } from './words';

/**
 * Lifts a resume plan or a relaunch plan of the earlier system to a retry plan. Clocks and attempts are dropped, lists are
 * sorted, agents become Nx tasks. A proof bundle whose agent nobody names is left out: it is not known to be reusable.
 */
export function upcastRetryPlan(value: unknown): unknown {
  if (!isObject(value) || 'why_resuming' in value) return withHeader(value);
  const project = projectOf(value);
  if (project === null || !isFormerPlan(value)) return value;
  const agents = sortedSet([...textsOf(value['invalidatedAgentIds']), ...textsOf(value['selectedAgentIds'])]);
  const gates = objectsOf(value['gateBlockers']);
  return {
    schemaVersion: 1,
    wave: project,
    why_resuming: whyResuming(value, gates),
    invalidated: agents.map((agentId) => taskIdOf(project, agentId)).sort(),
    reusable_proof: reusableProof(value),
    resume_from_stage: upcastPhase(
      textAt(value, 'resumeFromPhase', 'phase') ?? (agents.length === 0 ? 'completed' : 'implementation'),
    ),
    executor_changes: executorChanges(value),
    human_inputs_blocking: sortedSet(
      objectsOf(value['humanInputBlockers']).flatMap((one) => textAt(one, 'taskId', 'requestId') ?? []),
    ).map((id) => upcastTaskId(id, project)),
  };
}

/** The six fields as the wave that asked for them wrote them down, without the two that we add. */
function withHeader(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { wave, ...plan } = value;
  const project = typeof wave === 'number' ? projectOf(value) : wave;
  return { schemaVersion: 1, ...plan, ...(project === undefined ? {} : { wave: project }) };
}

function isFormerPlan(value: Json): boolean {
  return ['resumePlanVersion', 'invalidatedAgentIds', 'selectedAgentIds', 'resumeFromPhase'].some(
    (key) => key in value,
  );
}

function whyResuming(value: Json, gates: readonly Json[]): string {
  const buckets = isObject(value['reasonBuckets']) ? Object.keys(value['reasonBuckets']).sort() : [];
  const word = textOf(value['reason']) ?? buckets[0] ?? 'relaunch';
  const code =
    word
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'relaunch';
  const [gate] = gates;
  const said = gate ? [textAt(gate, 'gate'), textAt(gate, 'statusCode'), textAt(gate, 'detail')] : buckets;
  const text = said.filter((part) => part !== null).join(', ');
  return `${code}: ${text === '' ? code.replaceAll('-', ' ') : text}`;
}

function reusableProof(value: Json): { proofBundleId: string; agentId: string }[] {
  const agents = sortedSet(textsOf(value['reusableAgentIds']));
  return sortedSet(textsOf(value['reusableProofBundleIds'])).flatMap((proofBundleId) => {
    const words = proofBundleId.toLowerCase().split(/[^a-z0-9]+/);
    const owners = agents.filter((agentId) => words.includes(agentId.toLowerCase()));
    const owner = owners.length === 0 && agents.length === 1 ? agents : owners;
    return owner.length === 1 && owner[0] !== undefined ? [{ proofBundleId, agentId: owner[0] }] : [];
  });
}

/** A change to the executor that is there already is none. */
function executorChanges(value: Json): { agentId: string; from: string; to: string }[] {
  return objectsOf(value['executorChanges'])
    .flatMap((change) => {
      const agentId = textAt(change, 'agentId');
      const from = textAt(change, 'from', 'currentExecutor');
      const to = textAt(change, 'to', 'suggestedFallback');
      return agentId === null || from === null || to === null || from === to ? [] : [{ agentId, from, to }];
    })
    .sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
}
