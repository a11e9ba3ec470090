import { buildAgent, buildExecutor, buildStrength, buildWave } from '../../testing/resolved';
import type { ResolvedAgent, ResolvedWave } from '../model';
import { acceptanceKey, inferenceDigest, workKey, type WorkKeyInput } from './keys';

const agent = buildAgent({ executor: buildExecutor('local', { command: 'node a.mjs' }, { model: 'small' }) });

/** The keys of an agent; `change` makes another one of it, `more` other inputs. */
function keysOf(
  change: Partial<ResolvedAgent> = {},
  more: Partial<WorkKeyInput> = {},
  wave: Partial<ResolvedWave> = {},
) {
  const changed = { ...agent, ...change };
  const input: WorkKeyInput = {
    agent: changed,
    wave: { ...buildWave([changed]), ...wave },
    ledger: { epoch: null, entries: [] },
    context: [['docs/a.md', 'ab']],
    handoffs: [['A2', 'cd']],
    upstream: 'ef',
    ...more,
  };
  return {
    work: workKey(input),
    acceptance: acceptanceKey(changed),
    nx: inferenceDigest(changed, input.wave, input.ledger),
  };
}

const first = keysOf();
const sha = 'ab'.repeat(32);

describe('what an agent sees', () => {
  const kept = {
    components: [{ componentId: 'order-intake', targetLevel: 'repo-landed' as const }],
    proofArtifacts: [{ path: '.tmp/a.json', kind: 'dump', requiredFor: [] }],
  };
  it.each<[string, Partial<ResolvedAgent>]>([
    [
      'the component that it promotes',
      { ...kept, components: [{ componentId: 'order-export', targetLevel: 'repo-landed' }] },
    ],
    [
      'the path of an artifact',
      { ...kept, proofArtifacts: [{ path: '.tmp/b.json', kind: 'dump', requiredFor: [] }] },
    ],
    [
      'the kind of an artifact',
      { ...kept, proofArtifacts: [{ path: '.tmp/a.json', kind: 'log', requiredFor: [] }] },
    ],
  ])('makes another work key where another one is named in the same place: %s', (_what, change) => {
    expect(keysOf(change).work).not.toBe(keysOf(kept).work);
    expect(keysOf(change).nx).not.toBe(keysOf(kept).nx);
  });

  it.each<[string, Partial<ResolvedAgent>]>([
    ['its unit', { unitId: 'A1-design' }],
    ['its id', { agentId: 'A3' }],
    ['its title', { title: 'Another' }],
    ['its role', { role: 'design' }],
    ['its stage', { stage: 'design' }],
    ['its executor', { executor: buildExecutor('other', { command: 'node a.mjs' }, { model: 'small' }) }],
    ['its model', { executor: { ...agent.executor, model: 'large' } }],
    [
      'an option of its executor',
      { executor: { ...agent.executor, options: { local: { command: 'node b.mjs' } } } },
    ],
    ['its library documents', { context7: { ...agent.context7, query: 'streams' } }],
    ['its role prompts', { rolePrompts: ['docs/role.md'] }],
    ['its skills', { skills: ['skills/one'] }],
    ['its capabilities', { capabilities: ['schema-migration'] }],
    ['its deliverables', { deliverables: ['src/a.ts'] }],
    ['what it depends on', { dependsOn: ['A2'] }],
    ['its prompt', { prompt: 'Do it well.' }],
    ['what it owns', { ownedPaths: ['src/', 'lib/'] }],
    ['the list of what it reads', { contextPaths: ['docs/a.md'] }],
  ])('makes another work key and another Nx input: %s', (_what, change) => {
    const keys = keysOf(change);
    expect(keys.work).not.toBe(first.work);
    expect(keys.nx).not.toBe(first.nx);
  });

  it.each<[string, Partial<ResolvedAgent>]>([
    [
      'the name of a component',
      { components: [{ componentId: 'order-intake', targetLevel: 'repo-landed' }] },
    ],
    ['an artifact', { proofArtifacts: [{ path: '.tmp/a.json', kind: 'dump', requiredFor: [] }] }],
  ])('makes other keys of both kinds: %s', (_what, change) => {
    const keys = keysOf(change);
    expect(keys.work).not.toBe(first.work);
    expect(keys.acceptance).not.toBe(first.acceptance);
  });

  it.each<[string, Partial<WorkKeyInput>]>([
    [
      'an answer',
      { ledger: { epoch: null, entries: [{ id: '1', type: 'request.answered', content: 'both' }] } },
    ],
    ['a retry', { ledger: { epoch: '01J', entries: [] } }],
    ['the content of a file that it reads', { context: [['docs/a.md', 'other']] }],
    ['a file that it reads and that is gone', { context: [['docs/a.md', 'absent']] }],
    ['the result of an agent that it depends on', { handoffs: [['A2', 'other']] }],
    ['the verdict of the stage before', { upstream: 'other' }],
    ['that there is no stage before', { upstream: null }],
  ])('makes another work key, whatever Nx knows: %s', (_what, more) => {
    expect(keysOf({}, more).work).not.toBe(first.work);
  });

  it('is what its wave is called', () => {
    const { identity } = buildWave([]);
    expect(keysOf({}, {}, { identity: { ...identity, project: 'wave-4' } }).work).not.toBe(first.work);
  });

  it.each([
    ['seesEvalTargets', 'evalTargets'],
    ['seesDeployEnvironments', 'deployEnvironments'],
  ] as const)('counts for whom it is shown to: %s', (trait, member) => {
    const shown = { [member]: [{ id: 'one' }] } as unknown as Partial<ResolvedWave>;
    const seeing = { traits: { ...agent.traits, [trait]: true } };
    expect(keysOf(seeing, {}, shown).work).not.toBe(keysOf(seeing).work);
    expect(keysOf({}, {}, shown).work).toBe(first.work);
  });
});

describe('what judges a slice', () => {
  it.each<[string, Partial<ResolvedAgent>]>([
    ['its proof commands', { proofCommands: ['npm test'] }],
    ['what its proof commands may write', { mayWrite: ['generated/'] }],
    [
      'its exit contract',
      { exitContract: { completion: 'live', durability: 'none', proof: 'unit', docImpact: 'none' } },
    ],
    ['that it owns implementation', { implementationOwning: false }],
    ['the level of its proof', { proofStrength: buildStrength({ level: 'exit' }) }],
    ['that its strength has to be measured', { proofStrength: buildStrength({ required: true }) }],
    ['what it may change', { proofStrength: buildStrength({ mayChange: ['jest.config.cjs'] }) }],
    [
      'what is held out',
      { proofStrength: buildStrength({ heldOut: [{ command: 'node c.mjs', files: ['c.mjs'] }] }) },
    ],
    ['the reason of a lower level', { proofStrength: buildStrength({ reason: 'documentation only' }) }],
  ])('makes another acceptance key and pays nobody: %s', (_what, change) => {
    const keys = keysOf(change);
    expect(keys.acceptance).not.toBe(first.acceptance);
    expect(keys.work).toBe(first.work);
    expect(keys.nx).not.toBe(first.nx);
  });

  it('counts mutants where they are made, and nowhere else', () => {
    const of = (level: 'checked' | 'strict', mutants: number) =>
      keysOf({ proofStrength: buildStrength({ level, mutants }) }).acceptance;
    expect(of('strict', 8)).not.toBe(of('strict', 4));
    expect(of('checked', 8)).toBe(of('checked', 4));
  });

  it('is in its level for a component, of which its work knows the name alone', () => {
    const at = (targetLevel: string) =>
      keysOf({ components: [{ componentId: 'order-intake', targetLevel }] });
    expect(at('repo-landed').work).toBe(at('pilot-live').work);
    expect(at('repo-landed').acceptance).not.toBe(at('pilot-live').acceptance);
  });
});

describe('what nobody pays for', () => {
  it.each<[string, Partial<ResolvedAgent>]>([
    ['its line in the file', { line: 99 }],
    ['limits', { executor: { ...agent.executor, budget: { minutes: 1, usd: 2 } } }],
    ['tags', { executor: { ...agent.executor, tags: ['fast'] } }],
    ['fallbacks', { executor: { ...agent.executor, fallbacks: ['other'], retryPolicy: 'fallback-allowed' } }],
    ['how its executor was chosen', { executor: { ...agent.executor, selectedBy: 'lane-default' } }],
    [
      'options of an executor that it does not run on',
      { executor: { ...agent.executor, options: { ...agent.executor.options, other: { command: sha } } } },
    ],
  ])('is in no key: %s', (_what, change) => {
    expect(keysOf(change)).toEqual(first);
  });

  it('is a sibling, the title of the wave or its budget', () => {
    const sibling = buildAgent({ unitId: 'A2', agentId: 'A2' });
    const other = {
      ...buildWave([agent, sibling], { budget: { usd: 1, tokens: null, minutes: null } }),
      title: 'Other',
    };
    expect(keysOf({}, {}, other)).toEqual(first);
  });
});

it('gives the same digest of the same objects, and another one once the ledger is another', () => {
  const wave = buildWave([agent]);
  const ledger = { epoch: null, entries: [] };
  const digest = inferenceDigest(agent, wave, ledger);
  expect(inferenceDigest(agent, wave, ledger)).toBe(digest);
  expect(inferenceDigest(agent, wave, { epoch: '01J', entries: [] })).not.toBe(digest);
  expect(inferenceDigest(agent, buildWave([agent]), ledger)).toBe(digest);
});
