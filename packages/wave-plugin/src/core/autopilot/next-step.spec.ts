import type { Closure, ResultEnvelope } from '@nx-wave/schemas';
import { failure, sha256 } from '@nx-wave/schemas/plain';
import { goodPayloads } from '../../testing/envelopes';
import { buildWave } from '../../testing/resolved';
import { simulateWave, type Behaviour, type Deed, type SimulatedWave } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import { failedAttempts } from '../paid-attempts';
import { planRetry } from '../retry/plan-retry';
import { judgeClosure } from '../state/judge-closure';
import { knownFailures } from '../state/known-failures';
import { reduceWave } from '../state/reduce-wave';
import { standingRecord } from '../views/closure-record';
import { autopilotRules, nextStep, type AutopilotEnd, type AutopilotRules } from './next-step';
import { repairEntry } from './repair-entry';
import { autopilotAuthor, countRepairs, progressOf, type Sight } from './sight';

const stewards = () => [steward('integration'), steward('documentation'), steward('cont-qa')];
const whole = () => buildWave([implementer('A1'), implementer('A2'), ...stewards()]);
const says = (envelope: Partial<ResultEnvelope>): Deed => ({ envelope });
const qa = (verdict: object): Deed =>
  says({
    'cont-qa': { ...goodPayloads['cont-qa'], verdict: { verdict: 'blocked', detail: null, ...verdict } },
  });
const cap = 5;

/** What an autopilot sees of a simulated wave. `launched`: its launch task has run on what is stored. */
function look(sim: SimulatedWave, { before, launched }: { before: string | null; launched: boolean }): Sight {
  const all = sim.evidence();
  const bundles = all.bundles.filter(({ unitId, workKey }) => all.workKeys[unitId] === workKey);
  const evidence = { ...all, bundles };
  const judged: Closure = judgeClosure({
    ...{ wave: evidence.wave, verdicts: evidence.verdicts, prove: evidence.prove, bundles },
    ...{ changes: [], patchSha256: sha256('patch'), questions: [], landed: false },
    failures: knownFailures(evidence),
  });
  const state = reduceWave({ ...evidence, closed: launched && judged.state === 'closed' });
  const plan = planRetry(state);
  const closure = standingRecord({
    state,
    plan,
    closure: { ...judged, questions: state.questions.map((one) => ({ ...one })) },
  });
  const units = state.units.map(({ unitId, status, workKey }) => {
    const own = evidence.attempts.filter(({ predicate }) => predicate.workKey === workKey);
    const capped = failedAttempts(own.map(({ predicate }) => predicate)) >= cap;
    const problem =
      status === 'asking'
        ? failure('question-unanswered', `${unitId} asks`)
        : capped && status !== 'proven'
          ? failure('attempt-cap-reached', `${unitId} has failed ${cap} times`)
          : null;
    const action = problem
      ? 'refused'
      : status === 'proven'
        ? 'reuse'
        : status === 'waiting'
          ? 'wait'
          : 'run';
    return { unitId, action, problem } as const;
  });
  return {
    standing: { state, plan, closure },
    units,
    stops: [],
    repairs: countRepairs(sim.ledger),
    progress: progressOf({ state, closure }, evidence),
    before,
  };
}

interface Flight {
  end: AutopilotEnd;
  steps: string[];
  /** Programs that were started, by unit. */
  started: Record<string, number>;
}

/** Runs an autopilot over a simulated wave to its end. */
function fly(sim: SimulatedWave, behave: Behaviour, rules?: AutopilotRules): Flight {
  const steps: string[] = [];
  const started: Record<string, number> = {};
  let before: string | null = null;
  let launched = false;
  for (let at = 0; at < 100; at += 1) {
    const sight = look(sim, { before, launched });
    const next = nextStep(sight, { repairs: 2 }, rules);
    if (next.step === 'end') return { end: next.end, steps, started };
    if (next.step === 'apply') {
      steps.push(`apply ${next.agents.join(' ')}`);
      const entry = repairEntry(sight.standing.state, next.agents);
      sim.record({ ...entry, by: autopilotAuthor } as Parameters<typeof sim.record>[0]);
    } else {
      steps.push('launch');
      before = sight.progress;
      for (const unitId of sim.launch(behave)) started[unitId] = (started[unitId] ?? 0) + 1;
      launched = true;
    }
  }
  throw new Error('it never ends');
}

const except =
  (deeds: Record<string, (attempt: number) => Deed>): Behaviour =>
  (unit, attempt) =>
    deeds[unit.unitId]?.(attempt) ?? {};

describe('the next step of an autopilot', () => {
  it('closes a wave whose agent succeeds on its third attempt, by launches alone', () => {
    const flight = fly(
      simulateWave(whole()),
      except({ A1: (attempt) => (attempt < 3 ? { failures: ['proof-command-failed'] } : {}) }),
    );
    expect(flight.end).toMatchObject({ outcome: 'closed', why: 'closed' });
    expect(flight.steps).toEqual(['launch', 'launch', 'launch']);
    expect(flight.started).toEqual({ A1: 3, A2: 1, A8: 1, A9: 1, A0: 1 });
  });

  it('ends where an agent has used up its attempts, and never buys it new ones', () => {
    const flight = fly(simulateWave(whole()), except({ A1: () => ({ failures: ['proof-command-failed'] }) }));
    expect(flight.end).toMatchObject({ outcome: 'failed', why: 'attempts' });
    expect(flight.started).toEqual({ A1: cap, A2: 1 });
  });

  it('ends where a launch moves nothing: a login that is refused is refused again', () => {
    const flight = fly(simulateWave(whole()), except({ A1: () => ({ failures: ['agent-auth'] }) }));
    expect(flight.end).toMatchObject({ outcome: 'failed', why: 'no-progress' });
    expect(flight.end.detail).toContain('A1: agent-auth');
    expect(flight.started['A1']).toBeLessThanOrEqual(2);
  });

  it('stops for a question when all that does not need the answer has run, and goes on with it', () => {
    const asks = says({
      records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which format?', targets: ['human'] }],
    });
    const behave = except({
      A1: (attempt) => (attempt === 1 ? { ...asks, failures: ['question-unanswered'] } : {}),
    });
    const sim = simulateWave(whole());
    const first = fly(sim, behave);
    expect(first.end).toMatchObject({ outcome: 'blocked', why: 'question' });
    expect(first.end.detail).toContain('Which format?');
    expect(first.started).toEqual({ A1: 1, A2: 1 });
    expect(fly(sim, behave)).toMatchObject({ steps: [], started: {} });
    sim.record({ type: 'request.answered', requestId: 'q1', agentId: 'A1', text: 'both' });
    expect(fly(sim, behave)).toMatchObject({ end: { why: 'closed' }, started: { A1: 1 } });
  });

  it('sends back whom a steward names, and the steward judges what came of it', () => {
    const flight = fly(simulateWave(whole()), (unit, attempt) =>
      unit.unitId === 'A0' && attempt === 1
        ? qa({ owners: ['A2'] })
        : { content: `${unit.unitId} ${unit.unitId === 'A2' ? attempt : ''}` },
    );
    expect(flight.end).toMatchObject({ why: 'closed' });
    expect(flight.steps).toEqual(['launch', 'apply A2', 'launch']);
    expect(flight.started['A2']).toBe(2);
  });

  it('gives up on a repair after as often as it may', () => {
    const flight = fly(simulateWave(whole()), (unit, attempt) =>
      unit.unitId === 'A0' ? qa({ owners: ['A2'] }) : { content: `${unit.unitId} ${attempt}` },
    );
    expect(flight.end).toMatchObject({ outcome: 'failed', why: 'attempts' });
    expect(flight.steps.filter((step) => step === 'apply A2')).toHaveLength(2);
  });

  it('counts repairs anew after a decision of a person', () => {
    const sim = simulateWave(whole());
    const behave: Behaviour = (unit, attempt) =>
      unit.unitId === 'A0' ? qa({ owners: ['A2'] }) : { content: `${unit.unitId} ${attempt}` };
    fly(sim, behave);
    sim.record({ type: 'gate.waived', code: 'nothing-of-this-wave', agentId: null });
    expect(fly(sim, behave).steps.filter((step) => step === 'apply A2')).toHaveLength(2);
  });

  describe('asks no judge for another word', () => {
    /** Blocks at first, passes whoever asks again: the steward that a wave shopping for a verdict is after. */
    const persuadable: Behaviour = (unit, attempt) => (unit.unitId === 'A0' && attempt === 1 ? qa({}) : {});
    const asked = (rules?: AutopilotRules) => fly(simulateWave(whole()), persuadable, rules);

    it('and leaves its judgement to a person', () => {
      const flight = asked();
      expect(flight.end).toMatchObject({ outcome: 'blocked', why: 'review' });
      expect(flight.started['A0']).toBe(1);
    });

    it('which a run without the rule would do: it closes on the second word', () => {
      const flight = asked({ ...autopilotRules, asksJudgesOnce: false });
      expect(flight.end).toMatchObject({ outcome: 'closed' });
      expect(flight.started['A0']).toBe(2);
    });
  });

  it.each([
    ['wave-budget', 'blocked', 'budget'],
    ['wave-forecast', 'blocked', 'budget'],
    ['attempt-cap-reached', 'failed', 'attempts'],
    ['proof-required', 'blocked', 'refused'],
  ] as const)('ends on %s as %s (%s)', (code, outcome, why) => {
    const sight = look(simulateWave(whole()), { before: null, launched: false });
    const problem = failure(code, 'It may not run.', { next: 'do this' });
    const units = sight.units.map((unit) => ({ ...unit, action: 'refused' as const, problem }));
    expect(nextStep({ ...sight, units }, { repairs: 2 })).toEqual({
      step: 'end',
      end: { outcome, why, detail: 'It may not run.', next: 'do this' },
    });
    expect(nextStep({ ...sight, stops: [problem] }, { repairs: 2 })).toMatchObject({ end: { why } });
  });
});
