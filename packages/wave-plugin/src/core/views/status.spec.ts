import { failure } from '@nx-wave/schemas/plain';
import { goodPayloads } from '../../testing/envelopes';
import { buildWave } from '../../testing/resolved';
import { simulateWave, type Deed } from '../../testing/simulated-wave';
import { implementer, steward } from '../../testing/stewards';
import { planRetry } from '../retry/plan-retry';
import { judgeClosure } from '../state/judge-closure';
import { agentWords } from './agent-words';
import { standingRecord } from './closure-record';
import { failureSummary } from './failure-summary';
import { nextCommand } from './next-command';
import { outcomeLine } from './outcome';
import { statusDocument, statusLines, type StatusInput } from './status';

function after(deeds: Record<string, Deed>): StatusInput {
  const sim = simulateWave(buildWave([implementer('A1'), implementer('A2'), steward('cont-qa')]));
  sim.launch((unit) => deeds[unit.unitId] ?? {});
  const { wave, verdicts, prove, bundles } = sim.evidence();
  const state = sim.state();
  const { questions } = state;
  const facts = {
    wave,
    verdicts,
    prove,
    bundles,
    questions,
    changes: [],
    patchSha256: null,
    failures: [],
    landed: false,
  };
  const plan = planRetry(state);
  const closure = judgeClosure(facts);
  return { state, plan, closure: { ...closure, next: nextCommand({ state, plan, closure }) } };
}

const qa = (verdict: object): Deed => ({
  envelope: {
    'cont-qa': { ...goodPayloads['cont-qa'], verdict: { verdict: 'blocked', detail: null, ...verdict } },
  },
});
const asks: Deed = {
  failures: ['question-unanswered'],
  envelope: { records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which\ncurrency?' }] },
};

describe('statusLines', () => {
  it('shows a row per agent, what stands against closing, and the one next command', () => {
    expect(statusLines(after({ A2: { failures: ['proof-command-failed', 'deliverable-missing'] } }))).toEqual(
      [
        'wave-3 is in the implementation stage',
        '',
        'agent  role            state       attempts  executor  proof or reason',
        'A1     implementation  proven      1         local     wave-3/A1/attempt-1',
        'A2     implementation  not proven  1         local     proof-command-failed and 1 more',
        'A0     cont-qa         waits       0         local     -',
        '',
        'Against closing:',
        '  proof-command-failed: A2: proof-command-failed',
        '  deliverable-missing: A2: deliverable-missing',
        '',
        'Plan: slice-failure: not proven yet: A2 (proof-command-failed)',
        '',
        'Next: nx run wave-3:launch',
      ],
    );
  });

  it('is short for a wave that is ready', () => {
    const lines = statusLines(after({}));
    expect(lines[0]).toBe('wave-3 is ready to close');
    expect(lines.at(-1)).toBe('Next: nx run wave-3:launch');
    expect(lines).not.toContain('Against closing:');
  });

  it('names whose proof this machine did not make itself', () => {
    const sources = [
      { unitId: 'A1', origin: 'this-machine', provedHere: true },
      { unitId: 'A2', origin: 'nx-cache', provedHere: false },
    ] as const;
    const lines = statusLines({ ...after({}), sources });
    const from = lines.indexOf('Made elsewhere:');
    expect(lines.slice(from, from + 3)).toEqual(['Made elsewhere:', '  A2: from Nx cache', '']);
    expect(statusDocument({ ...after({}), sources })['sources']).toEqual(sources);
  });

  it('gives programs the closure record, the state and the plan in one document', () => {
    const input = after({ A0: qa({ owners: ['A2'] }) });
    const document = statusDocument(input);
    expect(document).toMatchObject({ wave: 'wave-3', state: 'open', phase: 'cont-qa', retry: input.plan });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('nextCommand', () => {
  it.each<[string, Record<string, Deed>, string]>([
    ['a failed slice', { A2: { failures: ['agent-exit'] } }, 'nx run wave-3:launch'],
    [
      'an agent that used up its attempts',
      { A2: { failures: ['attempt-cap-reached'] } },
      'nx run wave-3:retry --apply',
    ],
    ['a judgement that names an owner', { A0: qa({ owners: ['A2'] }) }, 'nx run wave-3:retry --apply'],
    [
      'a judgement that names nobody',
      { A0: qa({}) },
      'nx run wave-3:decide --waive cont-qa-blocked --reason "…" --by "…"',
    ],
    ['a question', { A1: asks }, 'nx run wave-3:answer --request q1 --text "…" --by "…"'],
    ['a wave that can close', {}, 'nx run wave-3:launch'],
  ])('moves on from %s', (_case, deeds, expected) => {
    const { state, plan, closure } = after(deeds);
    expect(nextCommand({ state, plan, closure })).toBe(expected);
  });

  it('lands a wave whose record says that it is closed', () => {
    const { state, plan, closure } = after({});
    expect(nextCommand({ state: { ...state, phase: 'closed' }, plan, closure })).toBe('nx run wave-3:land');
  });

  it.each([
    ['stands', [], null],
    ['was taken back', ['landed-tree-reverted'], 'nx run wave-3:reopen --by "…" --reason "…"'],
  ])('after a landing that %s', (_case, codes, expected) => {
    const { state, plan, closure } = after({});
    const reasons = codes.map((code) => ({
      gate: 'closure',
      code,
      detail: '',
      agentIds: [],
      paths: [],
      command: null,
    }));
    const landed = { ...state, landed: true };
    expect(nextCommand({ state: landed, plan, closure: { ...closure, landed: true, reasons } })).toBe(
      expected,
    );
  });
});

describe('failureSummary', () => {
  it('end a failing task with its reasons, the open question, what is kept, and the next command', () => {
    const { state, plan, closure } = after({ A1: asks, A2: { failures: ['proof-command-failed'] } });
    const failures = [failure('proof-command-failed', 'Agent A2: npm test ended with exit code 1.')];
    expect(failureSummary({ unitId: 'A2', failures, state, plan, closure })).toEqual([
      'wave-3 stays open: A2 has not proven its slice.',
      'error proof-command-failed: Agent A2: npm test ended with exit code 1.',
      'A1 asks (q1): Which currency?',
      'next: nx run wave-3:answer --request q1 --text "…" --by "…"',
      'outcome: blocked (A1 asks)',
    ]);
  });

  it('tells each failure and each command once: the output of a red command line by line', () => {
    const message = 'Agent A2: the proof command "npm test" did not pass. It said:\nnot ok 1\nexpected 2';
    const { state, plan, closure } = after({ A2: { failures: ['proof-command-failed'] } });
    const known = state.units.map((unit) =>
      unit.unitId === 'A2' ? { ...unit, failures: [{ code: 'proof-command-failed', message }] } : unit,
    );
    const failures = [failure('proof-command-failed', message, { next: 'nx run wave-3:agent-a2' })];
    expect(
      failureSummary({ unitId: 'A2', failures, state: { ...state, units: known }, plan, closure }),
    ).toEqual([
      'wave-3 stays open: A2 has not proven its slice.',
      'error proof-command-failed: Agent A2: the proof command "npm test" did not pass. It said:\n    not ok 1\n    expected 2',
      'kept, and not paid again: A1',
      'next: nx run wave-3:launch',
      'outcome: failed (A2: proof-command-failed)',
    ]);
  });
});

describe('outcomeOf', () => {
  it.each<[string, Record<string, Deed>, string]>([
    ['a failed slice', { A2: { failures: ['agent-exit'] } }, 'outcome: failed (A2: agent-exit)'],
    ['a judgement that only a person can overrule', { A0: qa({}) }, 'outcome: blocked (A0: cont-qa-blocked)'],
    ['a question', { A1: asks }, 'outcome: blocked (A1 asks)'],
    [
      'an agent that is to run again',
      { A0: qa({ owners: ['A2'] }) },
      'outcome: failed (A0: cont-qa-blocked)',
    ],
    ['a wave that can close', {}, 'outcome: closed'],
  ])('is one word and its cause after %s', (_case, deeds, line) => {
    expect(outcomeLine(after(deeds))).toBe(line);
  });

  it('is the same word in the record', () => {
    const standing = after({ A2: { failures: ['agent-exit'] } });
    expect(standingRecord(standing)).toMatchObject({ outcome: 'failed', next: standing.closure.next });
  });
});

describe('agentWords', () => {
  it('shows summary, gaps and risk notes of the latest envelope in the status', () => {
    const said = {
      summary: 'Slugs are made.',
      gaps: [{ kind: 'untested', detail: 'no Turkish i' }],
      riskNotes: ['Old links\nmay break.'],
    };
    const sim = simulateWave(buildWave([implementer('A1')]));
    sim.launch(() => ({ envelope: said }));
    const { attempts } = sim.evidence();
    const words = agentWords(['A1'], attempts);
    const lines = statusLines({ ...after({}), words });
    expect(lines.slice(lines.indexOf('In the words of the agents:') + 1).slice(0, 3)).toEqual([
      '  A1: Slugs are made.',
      '  A1 leaves a gap: untested: no Turkish i',
      '  A1 sees a risk: Old links may break.',
    ]);
  });
});
