import { resultEnvelopeSchema, type EnvelopeRole, type ResultEnvelope } from '@nx-wave/schemas';
import fc from 'fast-check';
import { readReportVerdict } from './legacy-signals';
import { logOfTranscript } from './transcript-log';
import { legacyFailures, synthesizeLegacyEnvelope, type LegacyInput } from './synthesize-envelope';

function input(role: EnvelopeRole, transcript: string, rest: Partial<LegacyInput> = {}): LegacyInput {
  return {
    transcript,
    agent: { agentId: 'A1', envelopeRole: role, deliverables: ['src/a.ts'], proofArtifacts: [] },
    wave: { identity: { waveNumber: 3 } },
    ...rest,
  };
}

function synthesize(role: EnvelopeRole, ...lines: string[]): ResultEnvelope | null {
  const envelope = synthesizeLegacyEnvelope(input(role, lines.join('\n')));
  if (envelope) resultEnvelopeSchema.parse(envelope);
  return envelope;
}

const proof = '[wave-proof] completion=integrated durability=durable proof=integration state=met';
const verdict = '[wave-verdict] pass';

describe('a legacy envelope', () => {
  it('carries the proof marker, the header of the run and the sign that it was synthesised', () => {
    expect(synthesize('implementation', 'some output', `${proof} detail=all green`)).toMatchObject({
      schemaVersion: 2,
      agentId: 'A1',
      waveNumber: 3,
      role: 'implementation',
      proof: {
        state: 'satisfied',
        completion: 'integrated',
        durability: 'durable',
        proofLevel: 'integration',
        detail: 'all green',
      },
      deliverables: [{ path: 'src/a.ts', exists: false, sha256: null }],
      _synthesizedFromLegacy: true,
    });
  });

  it.each<[string, EnvelopeRole, string, object]>([
    [
      'a doc delta',
      'implementation',
      '[wave-doc-delta] state=owned paths=docs/a.md, docs/b.md detail=two pages',
      {
        implementation: {
          docDelta: { state: 'owned', paths: ['docs/a.md', 'docs/b.md'], detail: 'two pages' },
        },
      },
    ],
    [
      'a component',
      'implementation',
      '[wave-component] component=core level=repo-landed state=complete',
      { implementation: { components: [{ componentId: 'core', level: 'repo-landed', state: 'met' }] } },
    ],
    [
      'an integration state',
      'integration',
      '[wave-integration] state=needs-more-work claims=1 conflicts=2 blockers=3 detail=no',
      {
        integration: { integrationState: { state: 'needs-more-work', claims: 1, conflicts: 2, blockers: 3 } },
      },
    ],
    [
      'a doc closure',
      'documentation',
      '[wave-doc-closure] state=no-change',
      { documentation: { docClosure: { state: 'no-change', paths: [], detail: null } } },
    ],
    [
      'an evaluation',
      'cont-eval',
      '[wave-eval] state=satisfied targets=2 benchmarks=1 regressions=0 target_ids=a,b benchmark_ids=x',
      { 'cont-eval': { evalState: { state: 'satisfied', targetIds: ['a', 'b'], benchmarkIds: ['x'] } } },
    ],
    [
      'a security review',
      'security',
      '[wave-security] state=concerns findings=2 approvals=1',
      { security: { securityState: { state: 'concerns', findings: 2, approvals: 1 } } },
    ],
    [
      'a design',
      'design',
      '[wave-design] state=ready-for-implementation decisions=3 assumptions=1 open_questions=0',
      { design: { designState: { state: 'ready-for-implementation', decisions: 3, openQuestions: 0 } } },
    ],
    [
      'a verdict',
      'cont-qa',
      '[wave-verdict] fail detail=red',
      { 'cont-qa': { verdict: { verdict: 'blocked', detail: 'red' } } },
    ],
    [
      'a rollout',
      'deploy',
      '[deploy-status] service=api state=rolledover detail=back',
      { deploy: { deployState: { state: 'rolled-back', environment: 'api' } } },
    ],
    [
      'an infra state',
      'implementation',
      '[infra-status] kind=dns target=api state=drifted detail=old record',
      { implementation: { infraState: [{ kind: 'dns', target: 'api', state: 'drifted' }] } },
    ],
  ])('reads %s', (_what, role, line, expected) => {
    expect(synthesize(role, line)).toMatchObject(expected);
  });

  it('reads gate claims beside the verdict, an honest gap included', () => {
    const gate = '[wave-gate] architecture=pass integration=pass durability=gap live=concerns docs=pass';
    expect(synthesize('cont-qa', gate, verdict)).toMatchObject({
      'cont-qa': { gateClaims: { architecture: 'pass', durability: 'gap', live: 'concerns' } },
    });
  });

  it('keeps every gap and ignores the phase', () => {
    const envelope = synthesize(
      'implementation',
      '[wave-phase] coding',
      '[wave-gap] kind=docs detail=one',
      '[wave-gap] kind=ops',
      proof,
    );
    expect(envelope?.gaps).toEqual([
      { kind: 'docs', detail: 'one' },
      { kind: 'ops', detail: null },
    ]);
  });

  it('lets a hybrid design carry its implementation too', () => {
    const design = '[wave-design] state=ready-for-implementation decisions=1 assumptions=0 open_questions=0';
    expect(synthesize('design', design, '[wave-doc-delta] state=owned')).toMatchObject({
      implementation: { docDelta: { state: 'owned' } },
    });
  });

  it('takes a verdict from the report where the output has none, the first of an appended report', () => {
    const report = '# Review\n\nVerdict: CONCERNS - two flaky tests\n\n## Before\n\nVerdict: PASS\n';
    expect(synthesizeLegacyEnvelope(input('cont-qa', 'nothing here', { report }))).toMatchObject({
      'cont-qa': { verdict: { verdict: 'concerns', detail: 'two flaky tests' } },
    });
    expect(synthesizeLegacyEnvelope(input('cont-qa', verdict, { report }))).toMatchObject({
      'cont-qa': { verdict: { verdict: 'pass' } },
    });
    expect(readReportVerdict('We give the Verdict: PASS')).toBeNull();
  });
});

describe('a marker line', () => {
  it.each([
    ['a list item', `- ${verdict}`],
    ['a numbered item', `12. ${verdict}`],
    ['wrapped in backticks', `\`${verdict}\``],
    ['a list item in backticks', `* \`${verdict}\``],
    ['written in capitals', '[WAVE-VERDICT] PASS'],
    ['in a fence of markers only', ['```text', verdict, '', '```'].join('\n')],
    ['in a fence that never ends', ['```', 'example:', verdict].join('\n')],
    ['in a JSON log line', JSON.stringify({ type: 'item', item: { text: `done\n${verdict}` } })],
    ['in nested JSON log lines', JSON.stringify({ aggregated_output: JSON.stringify({ text: verdict }) })],
    ['in a JSON array', JSON.stringify([{ text: [verdict] }])],
    ['between CRLF lines', `a\r\n${verdict}\r\nb`],
  ])('counts when it is %s', (_how, transcript) => {
    expect(synthesizeLegacyEnvelope(input('cont-qa', transcript))).toMatchObject({
      'cont-qa': { verdict: { verdict: 'pass' } },
    });
  });

  it.each([
    ['in prose', `Print ${verdict} at the end.`],
    ['in a fence with other text', ['```', 'Print this:', verdict, '```'].join('\n')],
    ['in a fence of an example inside JSON', JSON.stringify({ text: `\`\`\`\nsay\n${verdict}\n\`\`\`` })],
    [
      'in what a tool has read',
      JSON.stringify({
        message: { content: [{ type: 'tool_result', content: [{ type: 'text', text: verdict }] }] },
      }),
    ],
    ['under another JSON key', JSON.stringify({ command: verdict })],
    ['quoted', `> ${verdict}`],
    ['older than the end of the log that is read', `${verdict}\n${'x'.repeat(200)}\n`.padEnd(60_500, 'y\n')],
  ])('does not count %s', (_where, transcript) => {
    expect(synthesizeLegacyEnvelope(input('cont-qa', transcript))).toBeNull();
  });

  it('counts if it is the last accepted one of its kind', () => {
    expect(synthesize('cont-qa', '[wave-verdict] hold', verdict, '[wave-verdict] splendid')).toMatchObject({
      'cont-qa': { verdict: { verdict: 'pass' } },
      gaps: [{ kind: 'invalid-wave-verdict-format' }],
    });
  });

  it('keeps the last line per component', () => {
    const line = (state: string) => `[wave-component] component=core level=repo-landed state=${state}`;
    expect(synthesize('implementation', line('gap'), line('met'))?.implementation?.components).toMatchObject([
      { state: 'met' },
    ]);
  });

  it.each([
    ['state=gap', 'satisfied'],
    ['we ran with jobs=4 and state=failed once', 'satisfied'],
    ['completion=live', 'satisfied'],
  ])('is not changed by %s in its detail', (detail, state) => {
    const envelope = synthesize('implementation', `${proof} detail=${detail}`);
    expect(envelope?.proof).toMatchObject({ state, completion: 'integrated', detail });
  });

  it('may have its keys in any order, and unknown keys between them', () => {
    const line = '[wave-proof] state=met jobs=4 proof=unit durability=none completion=contract';
    expect(synthesize('implementation', line)?.proof).toMatchObject({
      state: 'satisfied',
      proofLevel: 'unit',
    });
  });
});

describe('the log in a transcript', () => {
  const transcript = (...lines: [stream: string, text: string][]) =>
    lines.map(([stream, text]) => JSON.stringify({ stream, text })).join('\n');

  it('is what the program printed, so that a fence reaches over its lines', () => {
    const log = logOfTranscript(
      transcript(['stdout', '```'], ['stdout', 'say this:'], ['stdout', verdict], ['stdout', '```']),
    );
    expect(log).toBe(`\`\`\`\nsay this:\n${verdict}\n\`\`\``);
    expect(synthesizeLegacyEnvelope(input('cont-qa', log))).toBeNull();
  });

  it('holds both streams and no line that is torn or something else', () => {
    const log = logOfTranscript(`${transcript(['stdout', 'a'], ['stderr', 'b'])}\nnull\n7\n{"stream":"stdo`);
    expect(log).toBe('a\nb');
    expect(logOfTranscript('')).toBe('');
  });
});

describe('a log without a usable marker', () => {
  it('tells missing from malformed', () => {
    expect(legacyFailures(input('security', 'nothing'))).toMatchObject([{ code: 'legacy-marker-missing' }]);
    expect(
      legacyFailures(input('security', '[wave-security] state=fine findings=0 approvals=0')),
    ).toMatchObject([
      { code: 'legacy-marker-malformed', message: expect.stringContaining('state must be clear') as string },
    ]);
    expect(legacyFailures(input('security', '[wave-security] state=clear findings=0'))).toMatchObject([
      { code: 'legacy-marker-malformed', message: expect.stringContaining('approvals is missing') as string },
    ]);
    expect(legacyFailures(input('implementation', proof))).toEqual([]);
  });

  it('names a proof line that cannot be read, whatever else is claimed beside it', () => {
    const given = input('implementation', `[wave-doc-delta] state=none\n[wave-proof] state=met`);
    expect(synthesizeLegacyEnvelope(given)).toBeNull();
    expect(legacyFailures(given)).toMatchObject([
      {
        code: 'legacy-marker-malformed',
        message: expect.stringContaining('completion is missing') as string,
      },
    ]);
  });

  it('still says how the program ended', () => {
    expect(synthesize('implementation', proof, 'Error: Reached max turns (40)')?.riskNotes).toEqual([
      'the log says that the program ended by max-turns',
    ]);
  });

  it('never throws, and whatever it builds keeps the schema', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        '```',
        '~~~',
        proof,
        verdict,
        '{"text": "[wave-verdict] pass"}',
        '[wave-gap] kind=docs',
      ),
      fc
        .tuple(fc.constantFrom('proof', 'eval', 'gate', 'component'), fc.string())
        .map(([tag, rest]) => `[wave-${tag}] ${rest}`),
    );
    const roles = fc.constantFrom<EnvelopeRole>('implementation', 'cont-qa', 'cont-eval', 'design', 'deploy');
    fc.assert(
      fc.property(roles, fc.array(line, { maxLength: 20 }), (role, lines) => {
        const given = input(role, lines.join('\n'));
        const envelope = synthesizeLegacyEnvelope(given);
        if (envelope) resultEnvelopeSchema.parse(envelope);
        else expect(legacyFailures(given).length).toBeGreaterThan(0);
      }),
    );
  });
});
