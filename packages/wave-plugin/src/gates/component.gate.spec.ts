import type { ComponentState } from '@nx-wave/schemas';
import { buildWave } from '../testing/resolved';
import { buildEvidence, buildHandoff, buildVerdict, claims } from '../testing/stage-evidence';
import { component, implementer, steward } from '../testing/stewards';
import { componentGate } from './component.gate';
import { componentMatrixGate } from './component-matrix.gate';

const order = component('order-intake', 'baseline-proved');
const a1 = implementer('A1', { components: [order] });
const a2 = implementer('A2', { components: [order] });
const wave = { ...buildWave([a1, a2]), promotions: [order] };

const at = (level: string | null, state: ComponentState['state'] = 'met') => ({
  implementation: {
    docDelta: { state: 'none' as const, paths: [], detail: null },
    components: [{ componentId: 'order-intake', level, state, detail: null }],
  },
});

describe('the component gate', () => {
  it.each([
    ['at its level', at('baseline-proved'), []],
    ['above its level', at('qa-proved'), []],
    ['below its level', at('repo-landed'), ['component-promotion-gap']],
    ['at an unknown level', at('somewhere'), ['component-promotion-gap']],
    ['not met', at('baseline-proved', 'gap'), ['component-promotion-gap']],
  ])('hears of a component %s', (_case, envelope, expected) => {
    const only = { ...buildWave([a1]), promotions: [order] };
    const evidence = buildEvidence(only, 'implementation', { handoffs: [buildHandoff(a1, envelope)] });
    expect(componentGate.judge(evidence).map(({ code }) => code)).toEqual(expected);
  });

  it('asks only the owner that is still missing, never the one that has landed', () => {
    const evidence = buildEvidence(wave, 'implementation', { handoffs: [buildHandoff(a1, claims(a1))] });
    expect(componentGate.judge(evidence)).toEqual([
      expect.objectContaining({
        code: 'shared-component-sibling-pending',
        agentIds: ['A2'],
        repair: 'rerun',
      }),
    ]);
  });

  it('leaves a component without an owner to people', () => {
    const orphan = { ...buildWave([implementer('A3')]), promotions: [order] };
    expect(componentGate.judge(buildEvidence(orphan, 'implementation'))).toEqual([
      expect.objectContaining({ code: 'component-promotion-gap', agentIds: [], repair: 'human' }),
    ]);
  });

  it('waits for an evaluator that owns a share of the component', () => {
    const e0 = steward('cont-eval', { implementationOwning: true, components: [order] });
    const shared = { ...buildWave([a1, e0]), promotions: [order] };
    expect(componentGate.judge(buildEvidence(shared, 'implementation'))).toEqual([]);
    const upstream = buildVerdict('implementation', [buildHandoff(a1, claims(a1))]);
    expect(componentGate.judge(buildEvidence(shared, 'cont-eval', { upstream }))).toEqual([
      expect.objectContaining({ code: 'shared-component-sibling-pending', agentIds: ['E0'] }),
    ]);
    const handoffs = [buildHandoff(e0, claims(e0))];
    expect(componentGate.judge(buildEvidence(shared, 'cont-eval', { upstream, handoffs }))).toEqual([]);
  });

  it('says how far a component is, whom it waits for, and that nobody else is asked', () => {
    const judge = (...handoffs: ReturnType<typeof buildHandoff>[]) =>
      componentGate.judge(buildEvidence(wave, 'implementation', { handoffs }));
    const pending = {
      code: 'shared-component-sibling-pending',
      detail: 'order-intake reaches baseline-proved with A1; it waits for A2.',
      ...{ agentIds: ['A2'], repair: 'rerun' },
    };
    const nobody = {
      code: 'component-promotion-gap',
      detail: 'Nobody has proven order-intake at baseline-proved or above.',
      ...{ agentIds: ['A1', 'A2'], repair: 'rerun' },
    };
    const unowned = {
      code: 'component-promotion-gap',
      detail: 'No agent of the wave owns order-intake, which it promotes to baseline-proved.',
      ...{ agentIds: [], repair: 'human' },
    };
    const [one, two] = [buildHandoff(a1, claims(a1)), buildHandoff(a2, claims(a2))];
    expect(judge(one)).toStrictEqual([pending]);
    expect(judge()).toStrictEqual([nobody]);
    expect(judge(one, two)).toStrictEqual([]);
    // What was said of another component, in another stage or by another agent proves nothing.
    const other = [component('billing')];
    expect(judge(one, buildHandoff(a2, claims({ ...a2, components: other })))).toStrictEqual([pending]);
    expect(judge(one, { ...two, stage: 'design' })).toStrictEqual([pending]);
    expect(judge(one, { ...two, agentId: 'A3' })).toStrictEqual([pending]);
    const without = { ...buildWave([implementer('A3', { components: other })]), promotions: [order] };
    expect(componentGate.judge(buildEvidence(without, 'implementation'))).toStrictEqual([unowned]);
    expect(componentGate.judge(buildEvidence(without, 'cont-eval'))).toStrictEqual([]);
  });

  it('owes nothing to a designer, who only prepares it', () => {
    const prepared = { ...buildWave([steward('design', { components: [order] }), a1]), promotions: [order] };
    const handoffs = [buildHandoff(a1, claims(a1))];
    expect(componentGate.judge(buildEvidence(prepared, 'implementation', { handoffs }))).toStrictEqual([]);
  });

  it('takes a level that the matrix does not know for reached by itself alone', () => {
    const odd = component('order-intake', 'odd');
    const own = implementer('A1', { components: [odd] });
    const only = { ...buildWave([own]), promotions: [odd] };
    const judge = (level: string) =>
      componentGate.judge(
        buildEvidence(only, 'implementation', { handoffs: [buildHandoff(own, at(level))] }),
      );
    expect(judge('odd')).toStrictEqual([]);
    expect(judge('pilot-live')).toHaveLength(1);
  });

  it('orders levels as the matrix does', () => {
    const custom = component('order-intake', 'bronze');
    const own = implementer('A1', { components: [custom] });
    const only = { ...buildWave([own]), promotions: [custom] };
    const matrix = { levels: ['bronze', 'silver'], components: {} };
    const handoffs = [buildHandoff(own, at('silver'))];
    expect(componentGate.judge(buildEvidence(only, 'implementation', { handoffs, matrix }))).toEqual([]);
  });
});

describe('the component-matrix gate', () => {
  const a9 = steward('documentation');
  const documented = { ...buildWave([a1, a9]), promotions: [order] };
  const levels = ['repo-landed', 'baseline-proved', 'pilot-live'];

  it.each([
    ['is at the level', { 'order-intake': { currentLevel: 'baseline-proved' } }, []],
    ['is above the level', { 'order-intake': { currentLevel: 'pilot-live' } }, []],
    [
      'is below the level',
      { 'order-intake': { currentLevel: 'repo-landed' } },
      ['component-current-level-stale'],
    ],
    ['is unknown', {}, ['unknown-component']],
    [
      'is unknown, though another is there',
      { billing: { currentLevel: 'pilot-live' } },
      ['unknown-component'],
    ],
    [
      'only seems to be known',
      Object.create({ 'order-intake': { currentLevel: 'pilot-live' } }),
      ['unknown-component'],
    ],
  ])('sends the steward back unless the component %s', (_case, components, expected) => {
    const evidence = buildEvidence(documented, 'documentation', { matrix: { levels, components } });
    const found = componentMatrixGate.judge(evidence);
    expect(found.map(({ code }) => code)).toStrictEqual(expected);
    for (const finding of found)
      expect(finding).toMatchObject({
        agentIds: ['A9'],
        paths: [documented.settings.matrixPath],
        repair: 'rerun',
      });
  });

  it('takes a level that is in no list for reached by itself alone', () => {
    const odd = { ...documented, promotions: [component('order-intake', 'odd')] };
    const judge = (currentLevel: string) =>
      componentMatrixGate.judge(
        buildEvidence(odd, 'documentation', {
          matrix: { levels, components: { 'order-intake': { currentLevel } } },
        }),
      );
    expect(judge('odd')).toStrictEqual([]);
    expect(judge('pilot-live').map(({ detail }) => detail)).toStrictEqual([
      'docs/plans/component-cutover-matrix.json has order-intake at pilot-live, the wave promotes it to odd.',
    ]);
  });

  it('says nothing without a matrix, and nothing where no documentation steward could change it', () => {
    const matrix = { levels, components: {} };
    expect(componentMatrixGate.judge(buildEvidence(documented, 'documentation'))).toStrictEqual([]);
    expect(componentMatrixGate.judge(buildEvidence(wave, 'documentation', { matrix }))).toStrictEqual([]);
  });
});
