import type { FileChange, ProofCommandResult, ResultEnvelope } from '@nx-wave/schemas';
import { buildWave } from '../../testing/resolved';
import { buildEnvelope } from '../../testing/envelopes';
import { component, implementer, steward } from '../../testing/stewards';
import type { ResolvedAgent } from '../model';
import type { SliceEvidence } from './slice-evidence';
import { noteSlice, verifyFiles, verifySlice } from './verify-slice';

const oid = 'a'.repeat(40);
const change = (path: string): FileChange => ({ path, before: null, after: { mode: '100644', oid } });
const file = { size: 12, mode: '100644' };
const passed = (command: string): ProofCommandResult => ({
  command,
  exitCode: 0,
  outcome: 'passed',
  durationMs: 5,
  tail: '',
});

const spec: Partial<ResolvedAgent> = {
  ownedPaths: ['src/a1/', 'docs/a1.md'],
  deliverables: ['src/a1/index.ts'],
  proofArtifacts: [{ path: 'docs/a1.md', kind: 'report', requiredFor: ['pilot-live'] }],
  components: [component('order-intake', 'pilot-live')],
  exitContract: {
    completion: 'integrated',
    durability: 'ephemeral',
    proof: 'integration',
    docImpact: 'owned',
  },
  proofCommands: ['npm test'],
};

const claim: Partial<ResultEnvelope> = {
  proof: {
    state: 'satisfied',
    completion: 'integrated',
    durability: 'ephemeral',
    proofLevel: 'integration',
    detail: null,
  },
  implementation: {
    docDelta: { state: 'owned', paths: [], detail: null },
    components: [{ componentId: 'order-intake', level: 'pilot-live', state: 'met', detail: null }],
  },
};

/** A slice that keeps every promise, but for what is overridden. */
function slice(
  evidence: Partial<SliceEvidence> = {},
  envelope: Partial<ResultEnvelope> = {},
  agent: Partial<ResolvedAgent> = {},
): SliceEvidence {
  const unit = implementer('A1', { ...spec, ...agent });
  return {
    agent: unit,
    wave: buildWave([unit]),
    envelope: buildEnvelope(unit.envelopeRole, { ...claim, ...envelope }),
    changes: [change('src/a1/index.ts'), change('docs/a1.md')],
    artifacts: [],
    files: { 'src/a1/index.ts': file, 'docs/a1.md': file },
    symlinks: {},
    amendments: [],
    proofCommands: [passed('npm test')],
    ...evidence,
  };
}

const codes = (evidence: SliceEvidence) => verifySlice(evidence).map(({ code }) => code);

describe('verifySlice', () => {
  it('has nothing against a slice that keeps every promise', () => {
    expect(verifySlice(slice())).toEqual([]);
  });

  it.each<[string, Partial<SliceEvidence>, string[]]>([
    ['a path that another agent owns', { changes: [change('src/a2/x.ts')] }, ['ownership-violation']],
    ['a folder named like an owned one', { changes: [change('src/a1x/x.ts')] }, ['ownership-violation']],
    ['a path that climbs', { changes: [change('src/a1/../b.ts')] }, ['ownership-violation']],
    ['an absolute path', { changes: [change('/etc/passwd')] }, ['ownership-violation']],
    ['a hook', { changes: [change('src/a1/.git/hooks/pre-commit')] }, ['ownership-violation']],
    [
      'a hook on a careless file system',
      { changes: [change('src/a1/.GIT/config')] },
      ['ownership-violation'],
    ],
    ['a path of Windows', { changes: [change('src/a1/..\\..\\x')] }, ['ownership-violation']],
    ['a granted path', { changes: [change('src/index.ts')], amendments: ['src/index.ts'] }, []],
    ['a granted folder', { changes: [change('src/b/x.ts')], amendments: ['src/b/'] }, []],
    [
      'an artifact of somebody else',
      { artifacts: [{ path: '.tmp/x', sha256: 'f'.repeat(64), size: 1 }] },
      ['ownership-violation'],
    ],
    [
      'a missing deliverable',
      { files: { 'src/a1/index.ts': null, 'docs/a1.md': file } },
      ['deliverable-missing'],
    ],
    ['a deliverable nobody looked for', { files: { 'docs/a1.md': file } }, ['deliverable-missing']],
    [
      'an empty deliverable',
      { files: { 'src/a1/index.ts': { size: 0, mode: '100644' }, 'docs/a1.md': file } },
      ['deliverable-empty'],
    ],
    [
      'a linked deliverable',
      { files: { 'src/a1/index.ts': { size: 3, mode: '120000' }, 'docs/a1.md': file } },
      ['deliverable-missing'],
    ],
    ['a missing proof artifact', { files: { 'src/a1/index.ts': file } }, ['proof-artifact-missing']],
    [
      'a red proof command',
      { proofCommands: [{ ...passed('npm test'), outcome: 'failed', exitCode: 1 }] },
      ['proof-command-failed'],
    ],
    [
      'a pass without an exit code',
      { proofCommands: [{ ...passed('npm test'), exitCode: null }] },
      ['proof-command-failed'],
    ],
    [
      'a proof command that never ended',
      { proofCommands: [{ ...passed('npm test'), outcome: 'timeout', exitCode: null }] },
      ['proof-command-timeout'],
    ],
    [
      'a proof command without its program',
      { proofCommands: [{ ...passed('npm test'), outcome: 'missing', exitCode: null }] },
      ['proof-command-missing'],
    ],
    [
      'a proof command that needs a shell',
      { proofCommands: [{ ...passed('npm test'), outcome: 'invalid', exitCode: null }] },
      ['proof-command-invalid'],
    ],
    ['a proof command that was not run', { proofCommands: [] }, ['proof-command-failed']],
    ['a link that leaves the tree', { symlinks: { 'src/a1/l': '../../../secret' } }, ['symlink-escape']],
    ['a link inside the tree', { symlinks: { 'src/a1/l': '../other' } }, []],
  ])('judges %s', (_case, evidence, expected) => {
    expect(codes(slice(evidence))).toEqual(expected);
  });

  it.each<[string, Partial<ResultEnvelope>, string[]]>([
    ['higher claims', { proof: { ...buildEnvelope('implementation').proof } }, []],
    ['too little completion', { proof: { ...claimProof(), completion: 'contract' } }, ['exit-contract-gap']],
    ['too little durability', { proof: { ...claimProof(), durability: 'none' } }, ['exit-contract-gap']],
    ['no level of proof', { proof: { ...claimProof(), proofLevel: null } }, ['exit-contract-gap']],
    ['an honest partial proof', { proof: { ...claimProof(), state: 'partial' } }, ['proof-state-gap']],
    [
      'a blocking blocker',
      { unresolvedBlockers: [{ kind: 'api', detail: 'gone', blocking: true }] },
      ['blocking-blocker'],
    ],
    [
      'a blocker that does not block',
      { unresolvedBlockers: [{ kind: 'api', detail: 'slow', blocking: false }] },
      [],
    ],
    [
      'documents that were not touched',
      { implementation: { ...claimWork(), docDelta: { state: 'none', paths: [], detail: null } } },
      ['exit-contract-gap'],
    ],
    [
      'a component that is not claimed',
      { implementation: { ...claimWork(), components: [] } },
      ['component-gap'],
    ],
    [
      'a question to a person',
      { records: [{ kind: 'clarification-request', id: 'q1', summary: 'Which?' }] },
      ['question-unanswered'],
    ],
    [
      'a question that can wait',
      { records: [{ kind: 'clarification-request', summary: 'Which?', blocking: false }] },
      [],
    ],
    [
      'a question to another agent',
      { records: [{ kind: 'clarification-request', summary: 'Which?', targets: ['A2'] }] },
      [],
    ],
  ])('judges %s', (_case, envelope, expected) => {
    expect(codes(slice({}, envelope))).toEqual(expected);
  });

  it('tells who, where, what was expected, what was found and what to do', () => {
    const [found] = verifySlice(slice({ changes: [change('src/a2/x.ts')] }));
    expect(found).toEqual({
      code: 'ownership-violation',
      severity: 'error',
      message:
        'Agent A1: src/a2/x.ts was changed without owning it. Expected changes in src/a1/, docs/a1.md, got src/a2/x.ts.',
      place: { wave: 'wave-3', agentId: 'A1', path: 'src/a2/x.ts' },
      next:
        'Let the agent take the change out (nx run wave-3:agent-a1), or grant the path: nx run wave-3:decide --amend A1 ' +
        '--paths src/a2/x.ts --reason "…" --by "…"',
      facts: { expected: 'changes in src/a1/, docs/a1.md', got: 'src/a2/x.ts', path: 'src/a2/x.ts' },
    });
  });

  it('names the question that a person has to answer', () => {
    const records = [{ kind: 'clarification-request' as const, id: 'q1', summary: 'Which currency?' }];
    const [found] = verifySlice(slice({}, { records }));
    expect(found?.next).toBe('nx run wave-3:answer --request q1 --text "…" --by "…"');
    expect(found?.facts).toMatchObject({ requestId: 'q1' });
  });

  it('tells everything at once, what endangers the tree first', () => {
    const found = codes(
      slice({ changes: [change('x')], files: {}, proofCommands: [] }, { implementation: undefined }),
    );
    expect(found).toEqual([
      'ownership-violation',
      'deliverable-missing',
      'proof-artifact-missing',
      'exit-contract-gap',
      'component-gap',
      'proof-command-failed',
    ]);
  });

  it.each([
    ['lower targets do not need it', ['pilot-live'] as const, 'repo-landed', []],
    ['its own level needs it', ['pilot-live'] as const, 'pilot-live', ['proof-artifact-missing']],
    ['higher targets need it', ['pilot-live'] as const, 'cutover-ready', ['proof-artifact-missing']],
    ['no level means every level', [] as const, 'repo-landed', ['proof-artifact-missing']],
  ])('asks for a proof artifact by level: %s', (_case, requiredFor, level, expected) => {
    const evidence = slice(
      { files: { 'src/a1/index.ts': file } },
      {},
      {
        proofArtifacts: [{ path: 'docs/a1.md', kind: null, requiredFor: [...requiredFor] }],
        components: [component('order-intake', level)],
      },
    );
    expect(codes(evidence).filter((code) => code !== 'component-gap')).toEqual(expected);
  });

  it('takes a negative judgement of a steward as a proven slice: its gate reads it', () => {
    const unit = steward('integration');
    const envelope = buildEnvelope('integration', {
      proof: { state: 'partial', completion: null, durability: null, proofLevel: null, detail: null },
      unresolvedBlockers: [{ kind: 'api', detail: 'gone', blocking: true }],
    });
    const evidence = {
      ...slice(),
      agent: unit,
      wave: buildWave([unit]),
      envelope,
      changes: [],
      proofCommands: [],
    };
    expect(verifySlice(evidence)).toEqual([]);
  });

  it('lets nobody write where only the runner writes', () => {
    const path = '.tmp/main-wave-launcher/gates/wave-3/cont-qa.json';
    const artifacts = [{ path, sha256: 'f'.repeat(64), size: 1 }];
    expect(codes(slice({ artifacts }, {}, { ownedPaths: ['.tmp/', 'src/a1/', 'docs/a1.md'] }))).toEqual([
      'ownership-violation',
    ]);
    const allowed = [
      { path: '.tmp/main-wave-launcher/integration/wave-3.md', sha256: 'f'.repeat(64), size: 1 },
    ];
    expect(
      codes(slice({ artifacts: allowed }, {}, { ownedPaths: ['.tmp/', 'src/a1/', 'docs/a1.md'] })),
    ).toEqual([]);
  });
});

describe('verifyFiles', () => {
  it('says what no envelope can change', () => {
    const { envelope: _claims, ...files } = slice({ files: {} });
    expect(verifyFiles(files).map(({ code }) => code)).toEqual([
      'deliverable-missing',
      'proof-artifact-missing',
    ]);
  });
});

it('noteSlice says what refuses nothing: a file in which nobody looked for secrets', () => {
  const secrets = { sightings: [], unsearched: ['src/a1/big.bin'] };
  expect(verifySlice(slice({ secrets }))).toEqual([]);
  expect(noteSlice(slice({ secrets })).map(({ severity }) => severity)).toEqual(['note']);
});

function claimProof(): ResultEnvelope['proof'] {
  return {
    state: 'satisfied',
    completion: 'integrated',
    durability: 'ephemeral',
    proofLevel: 'integration',
    detail: null,
  };
}

function claimWork(): NonNullable<ResultEnvelope['implementation']> {
  return {
    docDelta: { state: 'owned', paths: [], detail: null },
    components: [{ componentId: 'order-intake', level: 'pilot-live', state: 'met', detail: null }],
  };
}
