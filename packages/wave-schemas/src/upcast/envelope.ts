import { envelopeRoles } from '../vocabulary';
import { upcastWord } from './words';

type Json = Record<string, unknown>;

/** Former names of the payload sections. */
const sectionNames: Record<string, string> = {
  contQa: 'cont-qa',
  cont_qa: 'cont-qa',
  qa: 'cont-qa',
  contEval: 'cont-eval',
  cont_eval: 'cont-eval',
  eval: 'cont-eval',
};

/** Sections that once stood at the top of an envelope, and the payload they belong to. */
const topLevelSections: Record<string, string> = {
  docDelta: 'implementation',
  components: 'implementation',
  integrationState: 'integration',
  docClosure: 'documentation',
  verdict: 'cont-qa',
  gateClaims: 'cont-qa',
  evalState: 'cont-eval',
  securityState: 'security',
  deployState: 'deploy',
  designState: 'design',
};

/**
 * Lifts an envelope of an older or looser shape to version 2: former key and enum words, flat payloads, verdicts as
 * plain words, absent lists and details. It only moves and renames what is said: nothing is claimed that the writer
 * did not claim, and what it cannot read is left for the schema to refuse. Never throws.
 */
export function upcastEnvelope(value: unknown): unknown {
  if (!isObject(value)) return value;
  const envelope = renameSections(value);
  if (envelope['schemaVersion'] === '2') envelope['schemaVersion'] = 2;
  if (typeof envelope['role'] === 'string') envelope['role'] = upcastRole(envelope['role']);
  envelope['proof'] = upcastProof(envelope['proof']);
  envelope['gaps'] = listOf(envelope['gaps'], (gap) => ({
    kind: 'gap',
    ...(isObject(gap) ? gap : { detail: gap }),
    detail: textOf(isObject(gap) ? gap['detail'] : gap),
  }));
  envelope['unresolvedBlockers'] = listOf(envelope['unresolvedBlockers'], (blocker) => ({
    kind: 'blocker',
    blocking: true,
    ...(isObject(blocker) ? blocker : {}),
    detail: textOf(isObject(blocker) ? blocker['detail'] : blocker),
  }));
  envelope['riskNotes'] = listOf(envelope['riskNotes'], (note) =>
    typeof note === 'string' ? note : JSON.stringify(note),
  );
  const empty = envelopeRoles.filter((role) => isEmptyStranger(role, envelope));
  for (const role of envelopeRoles) {
    if (role in envelope) envelope[role] = upcastPayload[role](envelope[role]);
  }
  return without(envelope, empty);
}

/** A foreign payload of null or `{}` says nothing. */
function isEmptyStranger(role: string, envelope: Json): boolean {
  const payload = envelope[role];
  return (
    payload === null || (role !== envelope['role'] && isObject(payload) && Object.keys(payload).length === 0)
  );
}

function without(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function renameSections(value: Json): Json {
  const envelope: Json = {};
  for (const [key, member] of Object.entries(value)) {
    const name = Object.hasOwn(sectionNames, key) ? (sectionNames[key] as string) : key;
    if (name === key || !(name in value)) envelope[name] = member;
  }
  const moved: string[] = [];
  for (const [key, section] of Object.entries(topLevelSections)) {
    if (!Object.hasOwn(envelope, key)) continue;
    const payload = envelope[section];
    if (payload !== undefined && !isObject(payload)) continue;
    envelope[section] = { [key]: envelope[key], ...payload };
    moved.push(key);
  }
  return without(envelope, moved);
}

function upcastRole(role: string): string {
  const plain = role
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[_ ]/g, '-');
  if (plain === 'infra' || plain === 'research') return 'implementation';
  return plain === 'security-review' ? 'security' : plain;
}

function upcastProof(proof: unknown): unknown {
  if (typeof proof === 'string') return upcastProof({ state: proof });
  if (!isObject(proof)) return proof;
  const { proof: level, ...rest } = proof;
  return {
    ...rest,
    state: keepNotApplicable(upcastWord('proof', proof['state'])),
    completion: lower(proof['completion']),
    durability: lower(proof['durability']),
    proofLevel: lower(proof['proofLevel'] ?? level),
    detail: textOf(proof['detail']),
  };
}

const upcastPayload: Record<(typeof envelopeRoles)[number], (payload: unknown) => unknown> = {
  implementation: (payload) => {
    if (!isObject(payload)) return payload;
    return {
      ...payload,
      docDelta: docState(payload['docDelta'] ?? 'none', 'docDelta'),
      components: listOf(payload['components'], (component) => {
        if (!isObject(component)) return component;
        const { component: former, id, ...rest } = component;
        return {
          ...rest,
          componentId: component['componentId'] ?? former ?? id,
          level: component['level'] ?? null,
          state: upcastWord('component', component['state']),
          detail: textOf(component['detail']),
        };
      }),
    };
  },
  integration: (payload) =>
    inSection(payload, 'integrationState', {
      list: 'integration',
      counts: ['claims', 'conflicts', 'blockers'],
    }),
  documentation: (payload) => {
    const { docClosure, ...rest } = sectionOf(payload, 'docClosure');
    return isObject(docClosure) ? { ...rest, docClosure: docState(docClosure, 'docClosure') } : payload;
  },
  'cont-qa': (payload) => {
    if (typeof payload === 'string') return upcastPayload['cont-qa']({ verdict: payload });
    if (!isObject(payload)) return payload;
    const verdict = isObject(payload['verdict'])
      ? payload['verdict']
      : { verdict: payload['verdict'] ?? payload['state'] };
    const claims = isObject(payload['gateClaims']) ? payload['gateClaims'] : {};
    const words = ['architecture', 'integration', 'durability', 'live', 'docs'];
    return {
      ...payload,
      verdict: {
        ...verdict,
        verdict: upcastWord('qa', verdict['verdict'] ?? verdict['state']),
        detail: textOf(verdict['detail'] ?? payload['detail']),
      },
      gateClaims: {
        ...claims,
        ...Object.fromEntries(words.map((word) => [word, upcastWord('qa', claims[word] ?? null)])),
        detail: textOf(claims['detail']),
      },
    };
  },
  'cont-eval': (payload) => {
    const { evalState, ...rest } = sectionOf(payload, 'evalState');
    if (!isObject(evalState)) return payload;
    const targetIds = evalState['targetIds'] ?? evalState['target_ids'] ?? [];
    const benchmarkIds = evalState['benchmarkIds'] ?? evalState['benchmark_ids'] ?? [];
    return {
      ...rest,
      evalState: {
        ...evalState,
        state: upcastWord('eval', evalState['state']),
        targetIds,
        benchmarkIds,
        targets: countOf(evalState['targets'] ?? targetIds),
        benchmarks: countOf(evalState['benchmarks'] ?? benchmarkIds),
        regressions: countOf(evalState['regressions']),
        detail: textOf(evalState['detail']),
      },
    };
  },
  security: (payload) =>
    inSection(payload, 'securityState', { list: 'security', counts: ['findings', 'approvals'] }),
  deploy: (payload) => {
    const { deployState, ...rest } = sectionOf(payload, 'deployState');
    if (!isObject(deployState)) return payload;
    const optional = ['environment', 'healthCheck', 'rolloutArtifact'];
    return {
      ...rest,
      deployState: {
        ...deployState,
        ...Object.fromEntries(optional.map((key) => [key, deployState[key] ?? null])),
        state: keepNotApplicable(upcastWord('deploy', deployState['state'])),
        detail: textOf(deployState['detail']),
      },
    };
  },
  design: (payload) => {
    const { designState, ...rest } = sectionOf(payload, 'designState');
    if (!isObject(designState)) return payload;
    const { open_questions: former, ...state } = designState;
    const openQuestions = state['openQuestions'] ?? former;
    return inSection({ ...rest, designState: { ...state, openQuestions } }, 'designState', {
      list: 'design',
      counts: ['decisions', 'assumptions', 'openQuestions'],
    });
  },
};

/** A payload that may hold its section or be it: `{integrationState: {state}}` or `{state}`. */
function sectionOf(payload: unknown, name: string): Json {
  if (typeof payload === 'string') return { [name]: { state: payload } };
  if (!isObject(payload)) return {};
  if (typeof payload[name] === 'string') return { ...payload, [name]: { state: payload[name] } };
  return name in payload ? payload : { [name]: payload };
}

function inSection(
  payload: unknown,
  name: string,
  { list, counts }: { list: Parameters<typeof upcastWord>[0]; counts: readonly string[] },
): unknown {
  const { [name]: section, ...rest } = sectionOf(payload, name);
  if (!isObject(section)) return payload;
  return {
    ...rest,
    [name]: {
      ...section,
      state: upcastWord(list, section['state']),
      ...Object.fromEntries(counts.map((key) => [key, countOf(section[key])])),
      detail: textOf(section['detail']),
    },
  };
}

function docState(value: unknown, list: 'docDelta' | 'docClosure'): unknown {
  if (typeof value === 'string') return docState({ state: value }, list);
  if (!isObject(value)) return value;
  return {
    ...value,
    state: upcastWord(list, value['state']),
    paths: value['paths'] ?? [],
    detail: textOf(value['detail']),
  };
}

function keepNotApplicable(word: unknown): unknown {
  return word === 'not-applicable' ? 'not_applicable' : word;
}

function lower(word: unknown): unknown {
  return typeof word === 'string' ? word.trim().toLowerCase() : (word ?? null);
}

/** How many there are: a number, a list, or nothing at all. Numbers in quotes count too. */
function countOf(value: unknown): unknown {
  if (value === undefined || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : value;
}

function textOf(value: unknown): unknown {
  return value === undefined || value === null ? null : value;
}

/** Absent is empty; a single thing is a list of one. */
function listOf(value: unknown, upcastItem: (item: unknown) => unknown): unknown {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(upcastItem);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
