import { retryPlanSchema, type WaveRecord } from '@nx-wave/schemas';
import { canonicalJson, stages } from '@nx-wave/schemas/plain';
import fc from 'fast-check';
import { arbitraryPayload } from '../../testing/arbitrary-payloads';
import { buildExecutor, buildWave } from '../../testing/resolved';
import { simulateWave, type Behaviour, type Deed, type SimulatedWave } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { reduceWave } from '../state/reduce-wave';
import { openReasons } from './causes';
import { planRetry } from './plan-retry';

/** Any small wave: some implementers, perhaps one on top of another, and some stewards. */
const waves: fc.Arbitrary<ResolvedWave> = fc
  .record({
    implementers: fc.integer({ min: 1, max: 3 }),
    chained: fc.boolean(),
    stewards: fc.subarray(['security', 'integration', 'documentation', 'cont-qa'] as const),
    fallbacks: fc.subarray(['codex', 'claude', 'opencode']),
  })
  .map(({ implementers, chained, stewards, fallbacks }) => {
    const executor = buildExecutor('codex', {}, { retryPolicy: 'fallback-allowed', fallbacks });
    const agents: ResolvedAgent[] = Array.from({ length: implementers }, (_, index) =>
      implementer(`A${index + 1}`, { executor, dependsOn: chained && index > 0 ? [`A${index}`] : [] }),
    );
    return buildWave([...agents, ...stewards.map((role) => steward(role))]);
  });

const records: fc.Arbitrary<WaveRecord[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'request' as const,
      'contradiction' as const,
      'decision' as const,
      'blocker' as const,
    ),
    id: fc.constantFrom('r1', 'r2', 'r3'),
    summary: fc.constant('Something'),
    targets: fc.subarray(['A1', 'A2', 'A8', 'capability:docs']),
    answers: fc.subarray(['r1', 'r2', 'r3']),
  }),
  { maxLength: 2 },
);

/** Whatever a unit may do once: well, badly, half, asking, and with any judgement that its schema allows. */
function deedOf(unit: ResolvedAgent): fc.Arbitrary<Deed> {
  const question: WaveRecord = { kind: 'clarification-request', id: `${unit.unitId}-q`, summary: 'Which?' };
  const failed = fc
    .constantFrom('proof-command-failed', 'agent-exit')
    .map((code): Deed => ({ failures: [code] }));
  const judged = fc
    .tuple(arbitraryPayload(unit.envelopeRole), records)
    .map(([payload, said]): Deed => ({ envelope: { [unit.envelopeRole]: payload, records: said } }));
  const asks: Deed = { failures: ['question-unanswered'], envelope: { records: [question] } };
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<Deed>({}) },
    { weight: 2, arbitrary: failed },
    { weight: 1, arbitrary: fc.constant<Deed>({ interrupted: true }) },
    { weight: 1, arbitrary: fc.constant(asks) },
    { weight: 3, arbitrary: judged },
  );
}

/** Does its work, and answers whatever may be asked of it. */
const well: Deed = {
  envelope: { records: [{ kind: 'decision', summary: 'Done.', answers: ['r1', 'r2', 'r3'] }] },
};

/** A wave and what each unit does in its first two attempts; after that it does well. */
const histories = waves.chain((wave) =>
  fc.record({
    wave: fc.constant(wave),
    deeds: fc.tuple(...wave.agents.map((unit) => fc.tuple(deedOf(unit), deedOf(unit)))),
  }),
);

function behaviour(wave: ResolvedWave, deeds: readonly [Deed, Deed][]): Behaviour {
  return (unit, attempt) =>
    deeds[wave.agents.findIndex(({ unitId }) => unitId === unit.unitId)]?.[attempt - 1] ?? well;
}

/** What a person does when a plan waits for people: answers what is asked, waives what nobody else can clear. */
function actAsPerson(sim: SimulatedWave): void {
  const state = sim.state();
  for (const { requestId, agentId } of state.questions) {
    sim.record({ type: 'request.answered', requestId, agentId, text: 'This one.' });
  }
  if (!planRetry(state).human_inputs_blocking.some((id) => id.startsWith('review:'))) return;
  for (const { code, repair } of openReasons(state)) {
    if (repair === 'human' || repair === 'owners') sim.record({ type: 'gate.waived', code, agentId: null });
  }
}

describe('planRetry, for any history', () => {
  it('is a valid plan, the same bytes for every order of the evidence, and survives JSON', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat()), ({ wave, deeds }, stream) => {
        const sim = simulateWave(wave);
        sim.launch(behaviour(wave, deeds));
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((value) => ({ value, rank: stream.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ value }) => value);
        const evidence = sim.evidence();
        const plan = planRetry(reduceWave(evidence));
        expect(retryPlanSchema.parse(plan)).toEqual(plan);
        const turned = reduceWave({
          ...evidence,
          attempts: shuffle([...evidence.attempts, ...evidence.attempts]),
          bundles: shuffle(evidence.bundles),
          verdicts: shuffle(evidence.verdicts),
        });
        expect(canonicalJson(planRetry(turned))).toBe(canonicalJson(plan));
        const state = sim.state();
        expect(planRetry(JSON.parse(JSON.stringify(state)) as typeof state)).toEqual(plan);
      }),
      { numRuns: 25 },
    );
  });

  it('is minimal: whoever runs again has no proof, is blamed, or builds on somebody who runs again', () => {
    fc.assert(
      fc.property(histories, ({ wave, deeds }) => {
        const sim = simulateWave(wave);
        sim.launch(behaviour(wave, deeds));
        const state = sim.state();
        const plan = planRetry(state);
        const again = state.units.filter((unit) => plan.invalidated.includes(`wave-3:${unit.target}`));
        const blamed = openReasons(state).flatMap(({ agentIds, owners }) => [...agentIds, ...(owners ?? [])]);
        for (const unit of again) {
          const builds = again.some(
            (other) =>
              unit.dependsOn.includes(other.unitId) ||
              stages.indexOf(other.stage) < stages.indexOf(unit.stage),
          );
          expect(unit.proof === null || blamed.includes(unit.unitId) || builds).toBe(true);
        }
        const kept = plan.reusable_proof.map(({ agentId }) => agentId);
        for (const unit of state.units) {
          expect(kept.includes(unit.unitId)).toBe(unit.proof !== null && !again.includes(unit));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('never shops for a verdict: a steward whose judgement names nobody is not asked again for it', () => {
    fc.assert(
      fc.property(histories, ({ wave, deeds }) => {
        const sim = simulateWave(wave);
        sim.launch(behaviour(wave, deeds));
        const state = sim.state();
        const plan = planRetry(state);
        const reasons = openReasons(state);
        for (const { repair, owners, agentIds } of reasons) {
          if (repair !== 'owners' || (owners ?? []).length > 0) continue;
          const otherwise = reasons.some(
            (other) => other.repair !== 'owners' && other.agentIds.some((id) => agentIds.includes(id)),
          );
          const moved = state.units.some(
            (unit) =>
              plan.invalidated.includes(`wave-3:${unit.target}`) &&
              agentIds.every((id) => state.units.find(({ unitId }) => unitId === id)?.stage !== unit.stage),
          );
          if (otherwise || moved) continue;
          for (const id of agentIds)
            expect(plan.invalidated).not.toContain(`wave-3:agent-${id.toLowerCase()}`);
          expect(plan.human_inputs_blocking).toEqual(
            expect.arrayContaining(agentIds.map((id) => `review:${id}`)),
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  it('never sends an agent to the executor that it has, nor to one that is no fallback of its own', () => {
    fc.assert(
      fc.property(histories, ({ wave, deeds }) => {
        const sim = simulateWave(wave);
        for (let round = 0; round < 3; round += 1) {
          sim.launch(behaviour(wave, deeds));
          const plan = planRetry(sim.state());
          for (const { agentId, from, to } of plan.executor_changes) {
            const spec = wave.agents.find(({ unitId }) => unitId === agentId);
            expect(to).not.toBe(from);
            expect(spec?.executor.fallbacks).toContain(to);
          }
          sim.apply(plan);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is complete: carried out, with the answers of people, every history comes to a wave that can close', () => {
    fc.assert(
      fc.property(histories, ({ wave, deeds }) => {
        const sim = simulateWave(wave);
        const behave = behaviour(wave, deeds);
        sim.launch(behave);
        for (let round = 0; round < 12 && !sim.state().closureReady; round += 1) {
          actAsPerson(sim);
          sim.apply(planRetry(sim.state()));
          sim.launch(behave);
        }
        const state = sim.state();
        expect({ ready: state.closureReady, reasons: state.reasons }).toEqual({ ready: true, reasons: [] });
        expect(planRetry(state)).toMatchObject({
          invalidated: [],
          resume_from_stage: 'none',
          executor_changes: [],
          human_inputs_blocking: [],
        });
      }),
      { numRuns: 25 },
    );
  });

  it('costs nothing to carry out twice: a second launch on the same state pays for nobody', () => {
    fc.assert(
      fc.property(waves, (wave) => {
        const sim = simulateWave(wave);
        expect(sim.launch(() => ({}))).toEqual(wave.agents.map(({ unitId }) => unitId).sort());
        expect(sim.launch(() => ({}))).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});
