import { closureSchema, type Verdict } from '@nx-wave/schemas';
import { failure, sha256 } from '@nx-wave/schemas/plain';
import { judgeGates } from '../../gates/registry';
import { buildWave } from '../../testing/resolved';
import { buildEvidence, buildHandoff, someWorkKey } from '../../testing/stage-evidence';
import { implementer, steward } from '../../testing/stewards';
import { judgeClosure, type ClosureEvidence } from './judge-closure';
import { makeVerdict } from './make-verdict';

const wave = buildWave([implementer('A1'), implementer('A2'), steward('cont-qa')]);
const tree = 'a'.repeat(40);

function verdicts(overrides: Partial<Parameters<typeof buildEvidence>[2]> = {}): Verdict[] {
  const first = buildEvidence(wave, 'implementation');
  const implementation = makeVerdict(first, judgeGates(first));
  const second = buildEvidence(wave, 'cont-qa', { upstream: implementation, ...overrides });
  return [implementation, makeVerdict(second, judgeGates(second))];
}

function closedEvidence(overrides: Partial<ClosureEvidence> = {}): ClosureEvidence {
  return {
    wave,
    verdicts: verdicts(),
    prove: { ok: true, tree, reasons: [] },
    bundles: wave.agents.map((unit) => ({
      unitId: unit.unitId,
      workKey: someWorkKey,
      resultDigest: buildHandoff(unit).resultDigest,
      proofDigest: sha256(unit.unitId),
      proofBundleId: `wave-3/${unit.unitId}/attempt-1`,
    })),
    changes: [],
    patchSha256: sha256('patch'),
    failures: [],
    questions: [],
    landed: false,
    ...overrides,
  };
}

const codes = (evidence: ClosureEvidence) => judgeClosure(evidence).reasons.map(({ code }) => code);

describe('judgeClosure', () => {
  it('closes a wave whose stages passed, whose proofs are the judged ones and whose merged tree is proved', () => {
    const closure = judgeClosure(closedEvidence());
    expect(closureSchema.parse(closure)).toEqual(closure);
    expect(closure).toMatchObject({
      state: 'closed',
      reasons: [],
      proof: { code: 'proven', integration: 'proven', deploy: 'not_applicable' },
    });
    expect(closure.agents.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
  });

  it.each<[string, Partial<ClosureEvidence>, string[]]>([
    ['a stage was not judged', { verdicts: verdicts().slice(0, 1) }, ['verdict-missing']],
    ['nothing was judged', { verdicts: [] }, ['verdict-missing', 'verdict-missing']],
    ['a stage did not pass', { verdicts: verdicts({ handoffs: [] }) }, ['handoff-missing']],
    ['a bundle is missing', { bundles: closedEvidence().bundles.slice(1) }, ['bundle-missing']],
    ['the merged tree was not proved', { prove: null }, ['merged-tree-unproven']],
    ['the merged tree is red', { prove: { ok: false, tree: null, reasons: [] } }, ['merged-tree-unproven']],
  ])('stays open when %s', (_case, overrides, expected) => {
    const evidence = closedEvidence(overrides);
    expect(codes(evidence)).toEqual(expected);
    expect(judgeClosure(evidence).state).toBe('open');
  });

  it('closes a wave whose slices say how strongly they were proved, and how strongly is no link of the chain', () => {
    const measured = (reached: 'exit' | 'checked') => {
      const strength = { asked: 'checked' as const, reached, unmeasured: null };
      const handoffs = ['A1', 'A2'].map((id) => ({ ...buildHandoff(implementer(id)), strength }));
      return makeVerdict(buildEvidence(wave, 'implementation', { handoffs }), {
        reasons: [],
        advisories: [],
      });
    };
    const second = buildEvidence(wave, 'cont-qa', { upstream: measured('checked') });
    const last = makeVerdict(second, judgeGates(second));
    for (const first of [measured('checked'), measured('exit')])
      expect(judgeClosure(closedEvidence({ verdicts: [first, last] })).state).toBe('closed');
  });

  it('stays open when a verdict was given on another one than the one before it', () => {
    expect(codes(closedEvidence({ verdicts: verdicts({ upstream: null }) }))[0]).toBe('verdict-chain-broken');
  });

  it('stays open when a bundle holds another result than the judged one', () => {
    const bundles = closedEvidence().bundles.map((bundle) =>
      bundle.unitId === 'A2' ? { ...bundle, resultDigest: sha256('other') } : bundle,
    );
    const closure = judgeClosure(closedEvidence({ bundles }));
    expect(closure.reasons).toEqual([expect.objectContaining({ code: 'bundle-mismatch', agentIds: ['A2'] })]);
  });

  it('tells a failed slice by its own failures, and asks for the launch that goes on from it', () => {
    const found = failure('proof-command-failed', 'npm test ended with exit code 1.', {
      place: { path: 'src/a2/x.ts' },
    });
    const first = buildEvidence(wave, 'implementation', { handoffs: [buildHandoff(implementer('A1'))] });
    const closure = judgeClosure(
      closedEvidence({
        verdicts: [makeVerdict(first, judgeGates(first))],
        prove: null,
        bundles: closedEvidence().bundles.slice(0, 1),
        failures: [{ unitId: 'A2', failures: [found] }],
      }),
    );
    expect(closure.reasons.map(({ gate, code, agentIds, paths }) => [gate, code, agentIds, paths])).toEqual([
      ['slice', 'proof-command-failed', ['A2'], ['src/a2/x.ts']],
      ['closure', 'verdict-missing', [], []],
    ]);
    expect(closure.agents.map(({ state }) => state)).toEqual(['owned_slice_proven', 'failed', 'open']);
  });

  it('stays open while a question waits for an answer', () => {
    const questions = [{ requestId: 'q1', agentId: 'A2', summary: 'Which?' }];
    expect(judgeClosure(closedEvidence({ questions }))).toMatchObject({ state: 'open', questions });
  });

  it('says that the wave has landed', () => {
    expect(judgeClosure(closedEvidence({ landed: true }))).toMatchObject({
      state: 'closed',
      landed: true,
    });
  });

  it('says whether rollouts are proven, where there are any', () => {
    const deploying = buildWave([implementer('A3', { role: 'deploy', envelopeRole: 'deploy' })]);
    const evidence = buildEvidence(deploying, 'implementation');
    const closure = (stage: typeof evidence) =>
      judgeClosure(closedEvidence({ wave: deploying, verdicts: [makeVerdict(stage, judgeGates(stage))] }))
        .proof.deploy;
    expect(closure(evidence)).toBe('proven');
    expect(closure({ ...evidence, handoffs: [] })).toBe('open');
  });
});

describe('makeVerdict', () => {
  it('holds every agent so far, without work keys, and the digest of the verdict before', () => {
    const [implementation, qa] = verdicts();
    expect(implementation?.upstream).toBeNull();
    expect(qa?.agents.map(({ agentId }) => agentId)).toEqual(['A0', 'A1', 'A2']);
    expect(JSON.stringify(qa)).not.toContain(someWorkKey);
    expect(qa?.upstream).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has the same bytes whatever the order of the handoffs', () => {
    const evidence = buildEvidence(wave, 'implementation');
    const turned = { ...evidence, handoffs: [...evidence.handoffs].reverse() };
    expect(makeVerdict(turned, judgeGates(turned))).toEqual(makeVerdict(evidence, judgeGates(evidence)));
  });

  it('changes with a result of an earlier stage, though the stage itself did not', () => {
    const other = buildEvidence(wave, 'implementation', {
      handoffs: wave.agents
        .slice(0, 2)
        .map((unit) => buildHandoff(unit, { facts: [{ factId: 'f', kind: 'claim', content: 'x' }] })),
    });
    const upstream = makeVerdict(other, judgeGates(other));
    const again = buildEvidence(wave, 'cont-qa', { upstream });
    expect(makeVerdict(again, judgeGates(again)).upstream).not.toBe(verdicts()[1]?.upstream);
  });
});
