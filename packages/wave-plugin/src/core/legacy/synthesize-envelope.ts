import { type EnvelopePayloads, type EnvelopeRole, type ResultEnvelope } from '@nx-wave/schemas';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { type ResolvedAgent, type ResolvedWave } from '../model';
import { asVerdict, readLegacySignals, readReportVerdict, type LegacySignals } from './legacy-signals';
import { type MarkerKind } from './markers';

/** What a synthesis starts from. `agent` and `wave` may be resolved ones: only these members are looked at. */
export interface LegacyInput {
  /** What the program printed in this attempt. */
  transcript: string;
  agent: Pick<ResolvedAgent, 'agentId' | 'envelopeRole' | 'deliverables' | 'proofArtifacts'>;
  wave: { identity: Pick<ResolvedWave['identity'], 'waveNumber'> };
  attempt?: number;
  /** ISO 8601 in UTC. */
  completedAt?: string;
  exitCode?: number;
  /** Text of the report of a cont-QA agent, for its `Verdict:` line. */
  report?: string | null;
}

/** The marker that carries the payload of each role. */
const payloadMarker: Record<EnvelopeRole, MarkerKind> = {
  implementation: 'wave-proof',
  integration: 'wave-integration',
  documentation: 'wave-doc-closure',
  'cont-qa': 'wave-verdict',
  'cont-eval': 'wave-eval',
  security: 'wave-security',
  deploy: 'deploy-status',
  design: 'wave-design',
};

/**
 * Builds an envelope from the markers that an agent of the earlier wave system printed. Null where the payload of the
 * role was never claimed: `legacyFailures` then says whether its marker is missing or malformed. Files are not looked
 * at: `exists` and `sha256` are the runner's to fill in.
 */
export function synthesizeLegacyEnvelope(input: LegacyInput): ResultEnvelope | null {
  const { agent, wave } = input;
  const role = agent.envelopeRole;
  const signals = readLegacySignals(input.transcript);
  const payloads = payloadsOf(role, signals, input.report ?? null);
  if (!payloads) return null;
  return {
    schemaVersion: 2,
    agentId: agent.agentId,
    waveNumber: wave.identity.waveNumber,
    attempt: input.attempt ?? 1,
    completedAt: input.completedAt ?? '1970-01-01T00:00:00Z',
    exitCode: input.exitCode ?? 0,
    role,
    proof: proofOf(signals),
    deliverables: agent.deliverables.map((path) => ({ path, exists: false, sha256: null })),
    proofArtifacts: agent.proofArtifacts.map((artifact) => ({ ...artifact, exists: false, sha256: null })),
    gaps: [
      ...signals.gaps.map((gap) => ({ kind: gap['kind'] ?? 'gap', detail: detailOf(gap) })),
      ...signals.malformed.map(({ kind, line, why }) => ({
        kind: `invalid-${kind}-format`,
        detail: `${why}: ${line}`,
      })),
    ],
    unresolvedBlockers: [],
    riskNotes:
      signals.terminated === null ? [] : [`the log says that the program ended by ${signals.terminated}`],
    ...payloads,
    _synthesizedFromLegacy: true,
  };
}

/** Why there is no legacy envelope: the marker of the role is missing, or it is there and breaks its grammar. */
export function legacyFailures(input: LegacyInput): Failure[] {
  const { agent } = input;
  const signals = readLegacySignals(input.transcript);
  if (payloadsOf(agent.envelopeRole, signals, input.report ?? null)) return [];
  const marker = payloadMarker[agent.envelopeRole];
  const place = { agentId: agent.agentId };
  const slips = signals.malformed.filter(({ kind }) => kind === marker);
  if (slips.length === 0)
    return [
      failure('legacy-marker-missing', `The output of agent ${agent.agentId} holds no [${marker}] line.`, {
        place,
        next: `Let the agent write its result envelope, or print a [${marker}] line.`,
        facts: { marker },
      }),
    ];
  return slips.map(({ line, why }) =>
    failure(
      'legacy-marker-malformed',
      `Agent ${agent.agentId} printed a [${marker}] line that cannot be read: ${why}.`,
      {
        place,
        excerpt: line,
        next: `Let the agent write its result envelope, or correct the [${marker}] line.`,
        facts: { marker },
      },
    ),
  );
}

function proofOf({ last }: LegacySignals): ResultEnvelope['proof'] {
  const proof = last['wave-proof'];
  if (!proof)
    return { state: 'not_applicable', completion: null, durability: null, proofLevel: null, detail: null };
  return {
    state: proof['state'] === 'gap' ? 'partial' : 'satisfied',
    completion: proof['completion'],
    durability: proof['durability'],
    proofLevel: proof['proof'],
    detail: detailOf(proof),
  } as ResultEnvelope['proof'];
}

/** Every word in it was checked against the lists of the envelope when its marker was read. */
type Payloads = EnvelopePayloads;

function payloadsOf(role: EnvelopeRole, signals: LegacySignals, report: string | null): Payloads | null {
  const own = ownPayload[role](signals, report);
  if (own === null) return null;
  const hybrid = (role === 'design' || role === 'cont-eval') && claimsImplementation(signals);
  return { [role]: own, ...(hybrid ? { implementation: implementationOf(signals) } : {}) } as Payloads;
}

const ownPayload: Record<EnvelopeRole, (signals: LegacySignals, report: string | null) => object | null> = {
  implementation: (signals) =>
    !isMalformed(signals, 'wave-proof') && (claimsImplementation(signals) || signals.infra.length > 0)
      ? implementationOf(signals)
      : null,
  integration: ({ last }) =>
    section(last['wave-integration'], 'integrationState', ['claims', 'conflicts', 'blockers']),
  documentation: ({ last }) => {
    const closure = last['wave-doc-closure'];
    return closure
      ? {
          docClosure: { state: closure['state'], paths: listOf(closure['paths']), detail: detailOf(closure) },
        }
      : null;
  },
  'cont-qa': ({ last }, report) => {
    const marker = last['wave-verdict'];
    const verdict = marker
      ? { verdict: asVerdict(marker['verdict'] ?? ''), detail: detailOf(marker) }
      : report === null
        ? null
        : readReportVerdict(report);
    if (!verdict) return null;
    const gate = last['wave-gate'] ?? {};
    const claims = ['architecture', 'integration', 'durability', 'live', 'docs'].map((key) => [
      key,
      gate[key] ?? null,
    ]);
    return { verdict, gateClaims: { ...(Object.fromEntries(claims) as object), detail: detailOf(gate) } };
  },
  'cont-eval': ({ last }) => {
    const marker = last['wave-eval'];
    const state = section(marker, 'evalState', ['targets', 'benchmarks', 'regressions']);
    if (!state || !marker) return null;
    return {
      evalState: {
        ...state['evalState'],
        targetIds: listOf(marker['target_ids']),
        benchmarkIds: listOf(marker['benchmark_ids']),
      },
    };
  },
  security: ({ last }) => section(last['wave-security'], 'securityState', ['findings', 'approvals']),
  deploy: (signals) => {
    const marker = signals.last['deploy-status'];
    if (!marker && !claimsImplementation(signals)) return null;
    return {
      deployState: {
        state: marker?.['state']?.replace('rolledover', 'rolled-back') ?? 'not_applicable',
        environment: marker?.['service'] ?? null,
        healthCheck: null,
        rolloutArtifact: null,
        detail: marker ? detailOf(marker) : 'no [deploy-status] line',
      },
    };
  },
  design: ({ last }) => {
    const marker = last['wave-design'];
    if (!marker) return null;
    const { open_questions: openQuestions = '0', ...rest } = marker;
    return section({ ...rest, openQuestions }, 'designState', ['decisions', 'assumptions', 'openQuestions']);
  },
};

/** The marker is there, and not one of its lines could be read. */
function isMalformed({ last, malformed }: LegacySignals, marker: MarkerKind): boolean {
  return last[marker] === undefined && malformed.some(({ kind }) => kind === marker);
}

function claimsImplementation(signals: LegacySignals): boolean {
  return (
    signals.last['wave-proof'] !== undefined ||
    signals.last['wave-doc-delta'] !== undefined ||
    signals.components.length > 0
  );
}

function implementationOf({ last, components, infra }: LegacySignals): object {
  const delta = last['wave-doc-delta'];
  return {
    docDelta: {
      state: delta?.['state'] ?? 'none',
      paths: listOf(delta?.['paths']),
      detail: delta ? detailOf(delta) : 'no [wave-doc-delta] line',
    },
    components: components.map((component) => ({
      componentId: component['component'],
      level: component['level'],
      state: component['state'] === 'gap' ? 'gap' : 'met',
      detail: detailOf(component),
    })),
    ...(infra.length > 0
      ? {
          infraState: infra.map((target) => ({
            kind: target['kind'],
            target: target['target'],
            state: target['state'],
            detail: detailOf(target),
          })),
        }
      : {}),
  };
}

function section(
  marker: Readonly<Record<string, string>> | undefined,
  name: string,
  counts: readonly string[],
): Record<string, Record<string, unknown>> | null {
  if (!marker) return null;
  return {
    [name]: {
      state: marker['state'],
      ...Object.fromEntries(counts.map((key) => [key, Number(marker[key] ?? 0)])),
      detail: detailOf(marker),
    },
  };
}

function detailOf(values: Readonly<Record<string, string>>): string | null {
  return values['detail'] ?? null;
}

function listOf(csv: string | undefined): string[] {
  return [...new Set((csv ?? '').split(',').map((word) => word.trim()))].filter((word) => word !== '');
}
