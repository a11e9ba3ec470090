import type { EvalTarget } from '@nx-wave/schemas';
import { answering, judgedAs, type Answering } from '../testing/answering-steward';
import { implementer, steward } from '../testing/stewards';
import { contEvalGate } from './cont-eval.gate';
import type { GateFinding } from './gate';

const pinned: EvalTarget = {
  ...{ id: 'latency', selection: 'pinned', benchmarkFamily: null, benchmarks: ['p99'] },
  ...{ objective: 'fast', threshold: '40 ms' },
};
const delegated: EvalTarget = {
  ...{ ...pinned, id: 'memory', selection: 'delegated', benchmarkFamily: 'heap', benchmarks: [] },
};
const benchmarkCatalog = {
  families: { heap: { benchmarks: { peak: {}, idle: {} } }, disk: { benchmarks: { reads: {} } } },
};
const report = 'docs/reviews/wave-3-cont-eval.md';

/** What the gate says of an evaluation of these targets. */
function judge(evalState: object = {}, evalTargets: EvalTarget[] = [pinned], more: Answering = {}) {
  return contEvalGate.judge(answering('cont-eval', { evalState }, { whole: { evalTargets }, ...more }));
}
const told = (code: string, says: string, more: Partial<GateFinding> = {}) => [
  { code, detail: `E0 ${says}.`, agentIds: ['E0'], repair: 'rerun', ...more },
];
const both = { targets: 2, targetIds: ['latency', 'memory'], benchmarks: 2, benchmarkIds: ['p99', 'peak'] };

describe('an evaluation', () => {
  it('that is satisfied with what was declared passes', () => {
    expect(judge()).toStrictEqual([]);
    expect(judge(both, [pinned, delegated], { benchmarkCatalog })).toStrictEqual([]);
    expect(
      judge({ ...both, targetIds: ['memory', 'latency'] }, [pinned, delegated], { benchmarkCatalog }),
    ).toStrictEqual([]);
  });

  it.each<[string, object, EvalTarget[], ReturnType<typeof told>]>([
    [
      'another state, to the owners that it names',
      { state: 'needs-more-work', owners: ['A2', 'A1'], regressions: 3 },
      [pinned],
      told('cont-eval-needs-more-work', 'says needs-more-work', { owners: ['A1', 'A2'], repair: 'owners' }),
    ],
    [
      'nothing to evaluate, to people',
      {},
      [],
      told('missing-cont-eval-contract', 'has nothing to evaluate: the wave declares no eval targets', {
        repair: 'human',
      }),
    ],
    [
      'no target',
      { targetIds: [], targets: 0 },
      [pinned],
      told('missing-cont-eval-target-ids', 'names no eval target'),
    ],
    [
      'another number of targets',
      { targets: 2 },
      [pinned],
      told('cont-eval-target-count-mismatch', 'counts 2 targets and names 1'),
    ],
    [
      'one of two targets',
      {},
      [pinned, delegated],
      told('cont-eval-target-mismatch', 'judged latency; the wave declares latency, memory'),
    ],
    [
      'a target more',
      both,
      [pinned],
      told('cont-eval-target-mismatch', 'judged latency, memory; the wave declares latency'),
    ],
    [
      'one target twice',
      { targets: 2, targetIds: ['latency', 'latency'] },
      [pinned, delegated],
      told('cont-eval-target-mismatch', 'judged latency, latency; the wave declares latency, memory'),
    ],
    [
      'another second target',
      { ...both, targetIds: ['latency', 'disk'] },
      [pinned, delegated],
      told('cont-eval-target-mismatch', 'judged latency, disk; the wave declares latency, memory'),
    ],
    [
      'another target of as many',
      { targetIds: ['memory'] },
      [pinned],
      told('cont-eval-target-mismatch', 'judged memory; the wave declares latency'),
    ],
    [
      'no benchmark',
      { benchmarkIds: [], benchmarks: 0 },
      [pinned],
      told('missing-cont-eval-benchmarks', 'names no benchmark'),
    ],
    [
      'another number of benchmarks',
      { benchmarks: 3 },
      [pinned],
      told('cont-eval-benchmark-count-mismatch', 'counts 3 benchmarks and names 1'),
    ],
    [
      'regressions, to the owners that it names',
      { regressions: 2, owners: ['A1'] },
      [pinned],
      told('cont-eval-regressions', 'reports 2 regressions', { owners: ['A1'], repair: 'owners' }),
    ],
    [
      'not every pinned benchmark',
      {},
      [{ ...pinned, benchmarks: ['p50', 'p99', 'p10'] }],
      told('cont-eval-benchmark-mismatch', 'did not run p50, p10, pinned by the target latency'),
    ],
    [
      'no benchmark of a delegated family',
      { ...both, benchmarkIds: ['p99', 'reads'] },
      [pinned, delegated],
      told(
        'cont-eval-benchmark-mismatch',
        'ran no benchmark of the family heap, delegated by the target memory',
      ),
    ],
    [
      'a family that the catalog does not know',
      both,
      [pinned, { ...delegated, benchmarkFamily: 'toString' }],
      told(
        'cont-eval-benchmark-mismatch',
        'ran no benchmark of the family toString, delegated by the target memory',
      ),
    ],
    [
      'no family at all',
      both,
      [pinned, { ...delegated, benchmarkFamily: null }],
      told(
        'cont-eval-benchmark-mismatch',
        'ran no benchmark of the family (none), delegated by the target memory',
      ),
    ],
    [
      'benchmarks that no target declares',
      { benchmarks: 3, benchmarkIds: ['p50', 'p99', 'reads'] },
      [pinned],
      told('cont-eval-benchmark-mismatch', 'ran p50, reads, which no target declares'),
    ],
  ])('is told with %s', (_what, state, targets, expected) => {
    expect(judge(state, targets, { benchmarkCatalog })).toStrictEqual(expected);
  });

  it('of a family has no benchmark where there is no catalog', () => {
    expect(judge(both, [pinned, delegated]).map(({ code }) => code)).toStrictEqual([
      'cont-eval-benchmark-mismatch',
    ]);
  });

  it('has to be there, once the evaluator has handed off', () => {
    const evidence = answering('cont-eval');
    const missing = told('missing-wave-eval', 'left no evaluation');
    for (const judgement of [{}, { 'cont-eval': {} }])
      expect(contEvalGate.judge(judgedAs(evidence, judgement))).toStrictEqual(missing);
    expect(contEvalGate.judge({ ...evidence, handoffs: [] })).toStrictEqual([]);
  });

  it('has to leave its report', () => {
    expect(judge({}, [pinned], { reports: { [report]: true } })).toStrictEqual([]);
    expect(judge({ state: 'blocked' }, [pinned], { reports: { [report]: false } })).toStrictEqual(
      told('missing-cont-eval-report', `left no report at ${report}`, { paths: [report] }),
    );
  });

  it('counts with a report that says something, of a wave in which something changed', () => {
    const others = [implementer('A1', { proofCommands: ['npm test'] })];
    const work = (changed: Record<string, string[]>, text: string) => ({
      work: { changed, reportTexts: { [report]: text }, broken: [] },
    });
    const says = 'p99 is at 31 ms.';
    const some = { A1: ['src/a1/a.ts'] };
    expect(judge({}, [pinned], { others, ...work(some, says) })).toStrictEqual([]);
    expect(judge({}, [pinned], { others, ...work(some, 'PASS') })).toStrictEqual(
      told('cont-eval-report-empty', `passes it in a report that says nothing (${report})`, {
        paths: [report],
      }),
    );
    expect(judge({}, [pinned], { others, ...work({}, says) })).toStrictEqual(
      told('cont-eval-nothing-changed', 'passes a wave in which nobody changed anything', {
        repair: 'human',
      }),
    );
  });
});

it.each<[string[], string | null]>([
  [['src/a.ts', 'docs/reviews/x.md'], 'docs/reviews/x.md'],
  [['src/a.ts', 'review/deep/er/x.txt'], 'review/deep/er/x.txt'],
  [['src/a.ts', 'Evals/x.MD'], 'Evals/x.MD'],
  [['src/a.ts', 'a/eval/x.md'], 'a/eval/x.md'],
  [['src/a.ts', 'notes/cont-eval.md'], 'notes/cont-eval.md'],
  [['src/a.ts', 'notes/wave-3-cont-eval-2.txt'], 'notes/wave-3-cont-eval-2.txt'],
  // No reports: then the first path is it.
  [['src/a.ts', 'previews/x.md'], 'src/a.ts'],
  [['src/a.ts', 'retrieval/x.md'], 'src/a.ts'],
  [['src/a.ts', 'reviews.md'], 'src/a.ts'],
  [['src/a.ts', 'reviewsx/x.md'], 'src/a.ts'],
  [['src/a.ts', 'reviews/x.ts'], 'src/a.ts'],
  [['src/a.ts', 'reviews/x.md.ts'], 'src/a.ts'],
  [['src/a.ts', 'reviews/x-md'], 'src/a.ts'],
  [['src/a.ts', 'cont-eval/x.md'], 'src/a.ts'],
  [['src/a.ts', 'cont-eval.md.ts'], 'src/a.ts'],
  [['src/a.ts', 'cont-eval-md'], 'src/a.ts'],
  [[], null],
])('the report of an evaluator that owns %j is %j', (ownedPaths, path) => {
  expect(contEvalGate.reportPath?.(steward('cont-eval', { ownedPaths }))).toBe(path);
  expect(contEvalGate.reportPath?.(steward('cont-qa', { ownedPaths }))).toBeNull();
});
