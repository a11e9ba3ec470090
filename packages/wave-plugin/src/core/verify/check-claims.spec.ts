import type { ResultEnvelope, StrengthMeasured } from '@nx-wave/schemas';
import { notMeasured } from '../../proof/strength-of';
import { buildEnvelope } from '../../testing/envelopes';
import { buildStrength } from '../../testing/resolved';
import { buildFileEvidence } from '../../testing/slice-evidence';
import { component } from '../../testing/stewards';
import type { ResolvedAgent } from '../model';
import {
  checkBlockers,
  checkComponents,
  checkDocClaim,
  checkExitContract,
  checkProofClaim,
  checkProofState,
} from './check-claims';
import type { FileEvidence, SliceEvidence } from './slice-evidence';

const exitContract = {
  completion: 'contract',
  durability: 'none',
  proof: 'unit',
  docImpact: 'none',
} as const;
const counted = (executed: number | null) => ({
  command: 'npm test',
  runners: ['jest'],
  tests: executed === null ? null : { executed, failed: 0, skipped: 0, files: 1 },
});

/** A slice whose envelope claims the most of everything, but for what is overridden. */
const claimed = (
  agent: Partial<ResolvedAgent>,
  envelope: Partial<ResultEnvelope> = {},
  seen: Partial<FileEvidence> = {},
): SliceEvidence => ({
  ...buildFileEvidence(agent, seen),
  envelope: buildEnvelope(agent.envelopeRole ?? 'implementation', envelope),
});

const proof = buildEnvelope('implementation').proof;

/** What is said of a claim at the level `exit`, where nothing else asks whether a test ran. */
function said(
  tests: (number | null)[],
  overrides: Partial<StrengthMeasured> = {},
  { promised = true, proofLevel = proof.proofLevel } = {},
): string[] {
  const strength = {
    ...notMeasured(buildStrength({ level: 'exit' })),
    commands: tests.map(counted),
    ...overrides,
  };
  const agent = { exitContract: promised ? exitContract : null };
  return checkProofClaim(claimed(agent, { proof: { ...proof, proofLevel } }, { strength })).map(
    ({ code }) => code,
  );
}

describe('a level of proof that is claimed', () => {
  it.each<[string, (number | null)[], string[]]>([
    ['no test ran', [0], ['proof-overclaimed']],
    ['no test ran in any command that could be counted', [null, 0, 0], ['proof-overclaimed']],
    ['a test ran', [0, 1], []],
    ['nobody could count', [null], []],
    ['no command is there', [], []],
  ])('is held against the evidence where %s', (_what, tests, codes) =>
    expect(said(tests)).toStrictEqual(codes),
  );

  it('is no claim without an exit contract, and left to the count at higher levels', () => {
    expect(said([0], {}, { promised: false })).toEqual([]);
    expect(said([0], { asked: 'counted' })).toEqual([]);
  });

  it('is not held against anything where the envelope claims none', () => {
    expect(said([0], {}, { proofLevel: null })).toEqual([]);
  });
});

const passed = {
  command: 'npm test',
  exitCode: 0,
  outcome: 'passed',
  durationMs: 5,
  tail: '',
} as const;

describe('documents that an envelope claims', () => {
  const contract = { ...exitContract, docImpact: 'owned' } as const;
  const changedPaths = ['src/a.ts', 'docs/a.md'];
  interface Claimed {
    state?: 'none' | 'owned' | 'shared-plan';
    paths?: string[];
    documented?: string[];
    level?: 'exit' | 'checked';
    commands?: number;
    changed?: string[];
    agent?: Partial<ResolvedAgent>;
    envelope?: Partial<ResultEnvelope>;
  }
  function found({ state = 'owned', paths = [], level = 'checked', commands = 1, ...one }: Claimed) {
    const agent = { exitContract: contract, proofStrength: buildStrength({ level }), ...one.agent };
    const implementation = { docDelta: { state, paths, detail: null }, components: [] };
    const changes = (one.changed ?? changedPaths).map((path) => ({ path, before: null, after: null }));
    const proofCommands = Array.from({ length: commands }, () => passed);
    const documented = one.documented ?? ['docs/a.md'];
    return checkDocClaim(
      claimed(agent, { implementation, ...one.envelope }, { changes, proofCommands, documented }),
    );
  }
  const codes = (one: Claimed) => found(one).map(({ code }) => code);

  it.each<[string, Claimed, boolean]>([
    ['one of those named changed', { paths: ['docs/a.md', 'docs/b.md'] }, true],
    ['it is named from the root', { paths: ['/docs/a.md'] }, true],
    ['it is named with too many slashes', { paths: ['.//docs/a.md'] }, true],
    ['it is named with a line', { paths: ['docs/a.md:7'] }, true],
    ['it is named with a heading', { paths: ['./docs/a.md#usage'] }, true],
    ['its folder is named', { paths: ['docs/'] }, true],
    ['a source is named, for what stands in it', { paths: ['src/a.ts'] }, true],
    ['none of those named changed', { paths: ['docs/b.md'] }, false],
    ['none is named and one changed', {}, true],
    ['none is named and a comment may be meant', { documented: ['src/a.ts'] }, true],
    ['none is named and none changed', { documented: [], changed: ['src/a.ts'] }, false],
    ['the shared plan is meant, which another one changes', { state: 'shared-plan', documented: [] }, true],
    ['nobody asks for evidence', { level: 'exit', paths: ['docs/b.md'] }, true],
    ['there is no proof', { commands: 0, paths: ['docs/b.md'] }, true],
    ['no documents are owed', { agent: { exitContract }, paths: ['docs/b.md'] }, true],
    ['nothing is owed', { agent: { exitContract: null }, paths: ['docs/b.md'] }, true],
    ['it prepares the work of others', { agent: { stage: 'design' }, paths: ['docs/b.md'] }, true],
    [
      'a person answers for it',
      { envelope: { adopted: { by: 'Ada', reason: 'seen' } }, paths: ['docs/b.md'] },
      true,
    ],
  ])('are compared with what changed where %s', (_what, claimed, isTrue) => {
    expect(codes(claimed)).toEqual(isTrue ? [] : ['proof-overclaimed']);
  });

  it('are refused with what was named, or with its lack', () => {
    expect(found({ paths: ['docs/b.md', 'docs/c.md'] })[0]?.facts?.['got']).toBe(
      'docs/b.md, docs/c.md as in the base',
    );
    expect(found({ documented: [] })[0]?.facts?.['got']).toBe('no document among the changed files');
  });
});

describe('claims and the exit contract', () => {
  const owed = { completion: 'live', durability: 'durable', proof: 'live', docImpact: 'owned' } as const;
  const nothing = {
    state: 'satisfied',
    completion: null,
    durability: null,
    proofLevel: null,
    detail: null,
  } as const;
  const found = (agent: Partial<ResolvedAgent>, envelope: Partial<ResultEnvelope>) =>
    checkExitContract(claimed({ exitContract: owed, ...agent }, envelope)).map(
      ({ facts }) => `${String(facts?.['expected'])}: ${String(facts?.['got'])}`,
    );
  const documents = (state: 'none' | 'owned' | 'shared-plan') => ({
    implementation: { docDelta: { state, paths: [], detail: null }, components: [] },
  });

  it('are compared word by word', () => {
    const low = { completion: 'integrated', durability: 'ephemeral', proofLevel: 'unit' } as const;
    expect(found({}, { ...documents('shared-plan') })).toEqual([]);
    expect(found({}, { proof: { ...proof, ...low }, ...documents('none') })).toEqual([
      'completion live or above: integrated',
      'durability durable or above: ephemeral',
      'proof live or above: unit',
      'doc-impact owned or above: none',
    ]);
    expect(found({}, { proof: nothing, ...documents('owned') })).toEqual([
      'completion live or above: no claim',
      'durability durable or above: no claim',
      'proof live or above: no claim',
    ]);
  });

  it('are not compared where nothing is owed, and for who prepares the work of others', () => {
    expect(found({ exitContract: null }, { proof: nothing })).toEqual([]);
    expect(found({ stage: 'design' }, { proof: nothing })).toEqual([]);
  });

  const rollout = { envelopeRole: 'deploy', traits: { shippedPrompt: 'deploy.md', rollsOut: true } } as const;
  it.each<[string, Partial<ResolvedAgent>, string[]]>([
    ['nobody speaks of them', { envelopeRole: 'integration' }, ['doc-impact owned or above: no claim']],
    ['none are owed', { envelopeRole: 'integration', exitContract: { ...owed, docImpact: 'none' } }, []],
    ['a rollout has none', rollout, []],
  ])('speak of documents or not: %s', (_case, agent, expected) => {
    expect(found(agent, {})).toEqual(expected);
  });
});

describe('components that an agent promotes', () => {
  type Claim = NonNullable<ResultEnvelope['implementation']>['components'][number];
  const claim = (componentId: string, level: string | null, state: Claim['state'] = 'met') => ({
    ...{ componentId, level, state, detail: null },
  });
  const own = ['low', 'middle', 'high'];
  const found = (agent: Partial<ResolvedAgent>, components: Claim[], levels: string[] | null = own) => {
    const implementation = { docDelta: { state: 'none' as const, paths: [], detail: null }, components };
    const evidence = claimed(agent, { implementation }, levels ? { levels } : {});
    return checkComponents(evidence).map(({ facts }) => facts);
  };
  const gap = (componentId: string, level: string, got: string) => ({
    ...{ expected: `${componentId} met at ${level} or above`, got },
  });

  it.each<[string, Claim[], string | null]>([
    ['at its target', [claim('c', 'middle')], null],
    ['above it', [claim('c', 'high')], null],
    ['below it', [claim('c', 'low')], 'met at low'],
    ['at a level that nobody knows', [claim('c', 'highest')], 'met at highest'],
    ['without a level', [claim('c', null)], 'met at no level'],
    ['with a gap', [claim('c', 'middle', 'gap')], 'gap at middle'],
    ['not at all', [], 'no claim'],
    ['only another one', [claim('d', 'middle')], 'no claim'],
  ])('are claimed met, at the target or above: %s', (_case, claims, got) => {
    expect(found({ components: [component('c', 'middle')] }, claims)).toEqual(
      got === null ? [] : [gap('c', 'middle', got)],
    );
  });

  it('are told each with its own claim', () => {
    const agent = { components: [component('a', 'low'), component('b', 'high'), component('c', 'low')] };
    expect(found(agent, [claim('a', 'low'), claim('b', 'low'), claim('c', 'low')])).toEqual([
      gap('b', 'high', 'met at low'),
    ]);
    expect(found(agent, [claim('b', 'high'), claim('c', 'high')])).toEqual([gap('a', 'low', 'no claim')]);
  });

  it('reach a target that the matrix no longer knows by its name alone', () => {
    const agent = { components: [component('c', 'pilot-live')] };
    expect(found(agent, [claim('c', 'pilot-live')])).toEqual([]);
    expect(found(agent, [claim('c', 'high')])).toEqual([gap('c', 'pilot-live', 'met at high')]);
    expect(found(agent, [claim('c', 'qa-proved')], null)).toEqual([]);
  });

  it('are not owed by who prepares the work of others', () => {
    expect(found({ stage: 'design', components: [component('c', 'high')] }, [])).toStrictEqual([]);
  });
});

it.each<[string, Partial<ResolvedAgent>, ResultEnvelope['proof']['state'], string | null, string | null]>([
  ['it is satisfied', {}, 'satisfied', 'all of it', null],
  ['it is partial', {}, 'partial', null, 'partial'],
  ['it says why not', {}, 'partial', 'half of it', 'partial (half of it)'],
  ['it prepares the work of others', { stage: 'design' }, 'partial', null, null],
  ['it judges', { implementationOwning: false }, 'partial', null, null],
])('the proof of an agent that owns work is claimed satisfied: %s', (_case, agent, state, detail, got) => {
  const found = checkProofState(claimed(agent, { proof: { ...proof, state, detail } }));
  expect(found.map(({ code, facts }) => [code, facts?.['got']])).toStrictEqual(
    got === null ? [] : [['proof-state-gap', got]],
  );
});

it('what blocks an agent that owns work is told in its words, or by its kind', () => {
  const unresolvedBlockers = [
    { kind: 'api', detail: 'gone', blocking: true },
    { kind: 'data', detail: null, blocking: true },
    { kind: 'docs', detail: 'late', blocking: false },
  ];
  const found = (agent: Partial<ResolvedAgent>) =>
    checkBlockers(claimed(agent, { unresolvedBlockers })).map(({ facts }) => facts?.['got']);
  expect(found({})).toStrictEqual(['gone', 'data']);
  expect(found({ implementationOwning: false })).toStrictEqual([]);
});
