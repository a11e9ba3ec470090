import { retryPlanSchema, type RetryPlan } from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';
import { buildWave } from '../../testing/resolved';
import { simulateWave, type Behaviour } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import { planRetry } from './plan-retry';

const stewards = () => [steward('integration'), steward('documentation'), steward('cont-qa')];
const fine: Behaviour = () => ({});

describe('planRetry', () => {
  it('plans nothing when every agent is proven and every gate passes', () => {
    const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), ...stewards()]));
    expect(sim.launch(fine)).toEqual(['A0', 'A1', 'A2', 'A8', 'A9']);
    const state = sim.state();
    expect(state.closureReady).toBe(true);
    const plan = planRetry(state);
    expect(plan).toMatchObject({ invalidated: [], resume_from_stage: 'none', human_inputs_blocking: [] });
    expect(plan.why_resuming).toMatch(/^all-gates-pass: /);
    expect(plan.reusable_proof.map(({ agentId }) => agentId)).toEqual(['A0', 'A1', 'A2', 'A8', 'A9']);
  });

  it('runs only the unproven agent again after a slice failure', () => {
    const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), ...stewards()]));
    sim.launch((unit) => (unit.unitId === 'A2' ? { failures: ['proof-command-failed'] } : {}));
    const plan = planRetry(sim.state());
    expect(plan).toEqual<RetryPlan>({
      schemaVersion: 1,
      wave: 'wave-3',
      why_resuming: 'slice-failure: not proven yet: A2 (proof-command-failed)',
      invalidated: ['wave-3:agent-a2'],
      reusable_proof: [{ proofBundleId: 'wave-3/A1/attempt-1', agentId: 'A1' }],
      resume_from_stage: 'implementation',
      executor_changes: [],
      human_inputs_blocking: [],
    });
    expect(retryPlanSchema.parse(plan)).toEqual(plan);
    sim.apply(plan);
    expect(sim.launch(fine)).toEqual(['A0', 'A2', 'A8', 'A9']);
    expect(sim.state().closureReady).toBe(true);
  });

  it('gives the same bytes for the same state', () => {
    const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), ...stewards()]));
    sim.launch((unit) => (unit.unitId === 'A2' ? { failures: ['agent-timeout'] } : {}));
    expect(canonicalJson(planRetry(sim.state()))).toBe(canonicalJson(planRetry(sim.state())));
  });
});
