import type { LedgerEntry, Stage, WaveRecord } from '@nx-wave/schemas';
import { buildWave } from '../testing/resolved';
import { buildEvidence, buildHandoff, buildVerdict } from '../testing/stage-evidence';
import { implementer, steward } from '../testing/stewards';
import { judgeGates } from './registry';

const a1 = implementer('A1');
const a2 = implementer('A2', { capabilities: ['export'] });
const a8 = steward('integration', { capabilities: ['integration'] });
const a9 = steward('documentation');
const units = [a1, a2, a8, a9];
const wave = buildWave(units);

type Said = Partial<Record<'A1' | 'A2' | 'A8' | 'A9', WaveRecord[]>>;

/** Judges a stage in which each agent has said these records; earlier stages stand in the verdict above it. */
function judge(stage: Stage, said: Said, ledger: LedgerEntry[] = [], in_ = wave) {
  const handoffs = in_.agents.map((unit) =>
    buildHandoff(unit, { records: said[unit.unitId as keyof Said] ?? [] }),
  );
  const own = handoffs.filter((handoff) => handoff.stage === stage);
  const earlier = handoffs.filter((handoff) => handoff.stage !== stage && handoff.stage !== 'documentation');
  const upstream = stage === 'implementation' ? null : buildVerdict('implementation', earlier);
  return judgeGates(buildEvidence(in_, stage, { handoffs: own, upstream, ledger })).reasons.map(
    ({ code, agentIds, repair }) => `${code} ${agentIds.join('+')} ${String(repair)}`,
  );
}

const request = (targets: string[], rest: Partial<WaveRecord> = {}): WaveRecord => ({
  kind: 'request',
  id: 'r1',
  summary: 'Export the names',
  targets,
  ...rest,
});
const answer: WaveRecord = { kind: 'decision', summary: 'Done.', answers: ['r1'] };

function entry(body: Record<string, unknown>): LedgerEntry {
  const head = { schemaVersion: 1, id: '01J00000000000000000000001', wave: 'wave-3' };
  return {
    ...head,
    recordedAt: '2026-01-02T03:04:05Z',
    by: 'sam',
    reason: 'because',
    ...body,
  } as LedgerEntry;
}

describe('requests between agents', () => {
  it.each<[string, Said, string[]]>([
    ['an agent of the same stage', { A1: [request(['A2'])] }, ['helper-assignment-open A2 rerun']],
    ['an agent in the long form', { A1: [request(['agent:A2'])] }, ['helper-assignment-open A2 rerun']],
    ['a capability', { A1: [request(['capability:export'])] }, ['helper-assignment-open A2 rerun']],
    ['nobody', { A1: [request(['A77'])] }, ['helper-assignment-unresolved A1 human']],
    [
      'a capability that nobody has',
      { A1: [request(['capability:ops'])] },
      ['helper-assignment-unresolved A1 human'],
    ],
    ['an agent that has answered', { A1: [request(['A2'])], A2: [answer] }, []],
    ['an agent of a later stage', { A1: [request(['A9'])] }, []],
    ['an agent, as advice', { A1: [request(['A2'], { severity: 'advisory' })] }, []],
    ['an agent, without blocking', { A1: [request(['A2'], { blocking: false })] }, []],
    ['an agent, and is withdrawn', { A1: [request(['A2']), { ...answer, summary: 'Not needed.' }] }, []],
  ])('stop the implementation stage as they must when addressed to %s', (_case, said, expected) => {
    expect(judge('implementation', said)).toEqual(expected);
  });

  it('wait for the stage of their assignee, and stop that one', () => {
    const said: Said = { A1: [request(['A9'])] };
    expect(judge('integration', said)).toEqual([]);
    expect(judge('documentation', said)).toEqual(['helper-assignment-open A9 rerun']);
    expect(judge('documentation', { ...said, A9: [answer] })).toEqual([]);
  });

  it('are closed for the one who answers, and for no other', () => {
    const said: Said = { A8: [request(['A1', 'A2'])], A1: [answer] };
    expect(judge('integration', said)).toEqual(['helper-assignment-open A2 rerun']);
  });

  it('are closed by an answer in the ledger', () => {
    const ledger = [entry({ type: 'request.answered', requestId: 'r1', agentId: 'A1', text: 'Leave it.' })];
    expect(judge('implementation', { A1: [request(['A2'])] }, ledger)).toEqual([]);
    const other = [entry({ type: 'request.answered', requestId: 'r1', agentId: 'A2', text: 'Leave it.' })];
    expect(judge('implementation', { A1: [request(['A2'])] }, other)).toHaveLength(1);
  });

  it('go where a person reassigns them', () => {
    const ledger = [entry({ type: 'request.reassigned', requestId: 'r1', to: 'A8' })];
    expect(judge('implementation', { A1: [request(['A2'])] }, ledger)).toEqual([]);
    expect(judge('integration', { A1: [request(['A2'])] }, ledger)).toEqual([
      'helper-assignment-open A8 rerun',
    ]);
  });

  it('prefer the agent that the configuration prefers for a capability', () => {
    const both = [a1, a2, implementer('A3', { capabilities: ['export'] })];
    const said: Said = { A1: [request(['capability:export'])] };
    expect(judge('implementation', said, [], buildWave(both))).toEqual(['helper-assignment-open A2 rerun']);
    const preferring = buildWave(both, { preferredAgents: { export: ['A1', 'A3'] } });
    expect(judge('implementation', said, [], preferring)).toEqual(['helper-assignment-open A3 rerun']);
  });
});

describe('clarifications', () => {
  const question = (targets?: string[]): WaveRecord => ({
    kind: 'clarification-request',
    id: 'r1',
    summary: 'Which currency?',
    ...(targets ? { targets } : {}),
  });

  it('are asked of agents', () => {
    expect(judge('implementation', { A1: [question(['A2'])] })).toEqual(['clarification-open A2 rerun']);
    expect(judge('implementation', { A1: [question(['A2'])], A2: [answer] })).toEqual([]);
  });

  it('are asked of people when nobody is named', () => {
    expect(judge('implementation', { A1: [question()] })).toEqual(['human-feedback-open A1 human']);
    expect(judge('implementation', { A1: [question(['human'])] })).toEqual(['human-feedback-open A1 human']);
  });
});

describe('contradictions', () => {
  const contradiction = (targets?: string[]): WaveRecord => ({
    kind: 'contradiction',
    id: 'r1',
    summary: 'Amounts are cents and euros',
    ...(targets ? { targets } : {}),
  });

  it('wait for the integration steward, then send back those whom they name', () => {
    const said: Said = { A1: [contradiction(['A1', 'A2'])] };
    expect(judge('implementation', said)).toEqual([]);
    expect(judge('integration', said)).toEqual(['integration-contradiction-open A1+A2 rerun']);
  });

  it.each([
    ['both parties', { A1: [contradiction(['A1', 'A2']), answer], A2: [answer] }, []],
    ['the resolution of a person', { A1: [contradiction(['A1', 'A2'])] }, ['contradiction.resolved']],
  ] as [string, Said, string[]][])('are settled by %s', (_case, said, resolved) => {
    const ledger = resolved.map((type) => entry({ type, contradictionId: 'r1', kind: 'party_accepted' }));
    expect(judge('integration', said, ledger)).toEqual([]);
  });

  it('go to a person when they name nobody', () => {
    expect(judge('integration', { A8: [contradiction()] })).toEqual([
      'integration-contradiction-open A8 human',
    ]);
  });

  it('stop the last stage of a wave without integration', () => {
    const small = buildWave([a1, a2]);
    const said: Said = { A1: [contradiction(['A2'])] };
    expect(judge('implementation', said, [], small)).toEqual(['integration-contradiction-open A2 rerun']);
  });
});

describe('blockers', () => {
  const blocker: WaveRecord = { kind: 'blocker', id: 'r1', summary: 'The schema is locked' };

  it('go to a person, or to those whom they name', () => {
    expect(judge('implementation', { A1: [blocker] })).toEqual(['blocker-open A1 human']);
    expect(judge('implementation', { A1: [{ ...blocker, targets: ['A2'] }] })).toEqual([
      'blocker-open A2 rerun',
    ]);
    expect(judge('implementation', { A1: [{ ...blocker, severity: 'stale' }] })).toEqual([]);
  });

  it('are cleared by whoever answers one that is addressed to nobody', () => {
    expect(judge('implementation', { A1: [blocker], A2: [answer] })).toEqual([]);
  });
});

describe('waves that this one builds on', () => {
  const waiting = {
    openDependencies: [
      { project: 'beta-wave-2', detail: 'beta-wave-2, which this wave depends on, is not closed.' },
    ],
  };

  it('hold up the first stage, name the command that closes them, and send no agent back', () => {
    expect(judgeGates(buildEvidence(wave, 'implementation', waiting)).reasons).toMatchObject([
      { code: 'dependency-open', agentIds: [], command: 'nx run beta-wave-2:launch', repair: 'wait' },
    ]);
  });

  it('are asked for once: a later stage stands on a verdict that knew them', () => {
    const upstream = buildVerdict('implementation', []);
    expect(judgeGates(buildEvidence(wave, 'documentation', { ...waiting, upstream })).reasons).toEqual([]);
  });

  it('are nothing that a waiver or a gate mode turns off', () => {
    const early = { ...wave, settings: { ...wave.settings, advisoryGates: ['dependencyBarrier'] } };
    const ledger = [entry({ type: 'gate.waived', code: 'dependency-open', agentId: null })];
    const { reasons } = judgeGates(buildEvidence(early, 'implementation', { ...waiting, ledger }));
    expect(reasons.map(({ code }) => code)).toEqual(['dependency-open']);
  });
});
