import type { ControlPlaneEvent, LedgerEntry, Usage } from '@nx-wave/schemas';
import { reported } from '../../../testing/reported-wave';
import type { ReportBlock } from './block';
import { composeReport } from './compose-report';
import { renderHtml } from './render-html';
import { renderMarkdown } from './render-markdown';
import type { ReportInput } from './report-input';

/** What a section says: the texts of its rows or items. */
function under(input: ReportInput, title: string): string[][] {
  const blocks = composeReport(input);
  const from = blocks.findIndex((block) => block.kind === 'heading' && block.text.startsWith(title));
  if (from < 0) return [];
  const until = blocks.findIndex((block, at) => at > from && block.kind === 'heading');
  return blocks.slice(from + 1, until < 0 ? undefined : until).flatMap(linesOf);
}

function linesOf(block: ReportBlock): string[][] {
  switch (block.kind) {
    case 'heading':
      return [[block.text]];
    case 'paragraph':
      return [block.spans.map(({ text }) => text)];
    case 'list':
      return block.items.map((item) => item.map(({ text }) => text));
    case 'table':
      return block.rows.map((row) => row.map(({ text }) => text));
    case 'fold':
      return [[block.title, block.text]];
    case 'group':
      return [[block.title], ...block.blocks.flatMap(linesOf)];
    case 'file':
      return [[block.path, block.about, ...[block.text ?? block.note].filter((text) => text !== null)]];
    case 'banner':
      return [[block.answer, ...block.why.map(({ text }) => text), block.next ?? '']];
    case 'tiles':
      return block.tiles.map(({ label, value }) => [label, ...value.map(({ text }) => text)]);
    case 'timeline':
      return block.rows.map(({ label, words }) => [label, words]);
  }
}

const used = (inputTokens: number, usd: number | null, estimated = false): Usage => ({
  inputTokens,
  outputTokens: 200,
  cachedTokens: 50,
  usd,
  estimated,
});

describe('the report of a wave', () => {
  it('says of each proof where it comes from, and marks what nobody has proved here', () => {
    const input: ReportInput = {
      ...reported(),
      sources: [
        { unitId: 'A1', origin: 'shared-store', provedHere: true },
        { unitId: 'A2', origin: 'nx-cache', provedHere: false },
      ],
    };
    expect(under(input, 'Agents').map((row) => row.at(-1))).toEqual([
      'shared store, proved here',
      'Nx cache',
      '–',
    ]);
    const table = composeReport(input).find((one) => one.kind === 'table' && one.head.includes('from'));
    const tones = table?.kind === 'table' ? table.rows.map((row) => row.at(-1)?.tone) : [];
    expect(tones).toEqual([undefined, 'waiting', undefined]);
  });

  it('opens with the answer to whether it may land, its cause and the next command', () => {
    const [heading, banner, tiles] = composeReport(reported());
    expect(heading).toMatchObject({ kind: 'heading', level: 1, text: expect.stringMatching(/^wave-3/) });
    expect(banner).toMatchObject({
      kind: 'banner',
      tone: 'waiting',
      answer: 'Not yet: everything is proven, and a launch has to close it.',
      next: 'nx run wave-3:launch',
    });
    expect(tiles && linesOf(tiles)[0]).toEqual(['Outcome', 'ready to close']);
    const failed = composeReport(reported({ A2: { failures: ['proof-command-failed'] } }))[1];
    expect(failed).toMatchObject({ tone: 'bad', answer: 'No: what was judged was refused.' });
    expect(JSON.stringify(failed)).toContain('The cause: ');
    expect(JSON.stringify(failed)).toContain('A2: proof-command-failed');
  });

  it('says yes of a closed wave, and how much there is to look at first', () => {
    const input = reported();
    const closed = { ...input, state: { ...input.state, phase: 'closed' as const } };
    expect(composeReport(closed)[1]).toMatchObject({ tone: 'good', answer: 'Yes: it is closed on proof.' });
    const words = [{ unitId: 'A1', summary: null, gaps: ['tests: none for Windows'], riskNotes: ['slow'] }];
    const told = composeReport({ ...closed, words });
    expect(told[1]).toMatchObject({ answer: 'Yes: it is closed on proof. Look at 1 warning first.' });
    expect(under({ ...closed, words }, 'Look at these first')).toEqual([
      ['agent-gap', ' ', 'A1', ': tests: none for Windows'],
    ]);
  });

  it('says of an open wave what stands against closing, and who has to move', () => {
    const input = reported({ A2: { failures: ['proof-command-failed'] } });
    expect(under(input, 'Against closing')).toEqual([
      ['A2', ' ', 'proof-command-failed: A2: proof-command-failed'],
    ]);
    expect(under(input, 'Agents')[1]?.slice(3, 5)).toEqual(['not proven', '1']);
    expect(under(input, 'Gates')).toEqual([['implementation', 'failed', 'handoff-missing']]);
  });

  it('begins with the cause, the end of its output line by line, and the change that was refused', () => {
    const input = reported({ A2: { failures: ['proof-command-failed'] } });
    const message = 'The proof command "npm test" did not pass. It said:\nnot ok 1\nexpected 2';
    const units = input.state.units.map((unit) =>
      unit.unitId === 'A2' ? { ...unit, failures: [{ code: 'proof-command-failed', message }] } : unit,
    );
    const blocks = composeReport({
      ...input,
      state: { ...input.state, units },
      refused: [{ unitId: 'A2', text: '+wrong', path: '.tmp/slice.patch' }],
    });
    const headings = blocks.flatMap((block) => (block.kind === 'heading' ? [block.text] : []));
    expect(headings.slice(1, 3)).toEqual(['Against closing', 'Refused changes']);
    const folds = blocks.flatMap((block) => (block.kind === 'fold' ? [block] : []));
    expect(folds[0]).toMatchObject({ text: 'not ok 1\nexpected 2' });
    expect(folds[1]).toMatchObject({ title: 'A2: .tmp/slice.patch', text: '+wrong' });
  });

  it('adds up tokens, money and running time by agent and for the wave, failed attempts included', () => {
    const ended = (durationMs: number): [string, ControlPlaneEvent['data']] => [
      'program.ended',
      { durationMs, outcome: 'success', executor: 'codex' },
    ];
    const input = reported(
      { A2: { failures: ['proof-command-failed'] } },
      { A1: used(12_000, 1.5), A2: used(800, 0.25, true) },
      { A1: [ended(4_000), ended(2_000)], A2: [ended(120_000)] },
    );
    expect(under(input, 'Usage and cost')).toEqual([
      ['A1', '1', '6 s', '12k', '200', '50', '$1.50'],
      ['A2', '1', '2 min', '800', '200', '50', 'estimated $0.2500'],
      ['together', '2', '2.1 min', '13k', '400', '100', 'estimated $1.75'],
    ]);
  });

  it('calls a sum unknown as soon as a part of it is, and tells what nobody reports from nothing', () => {
    const rows = under(reported({}, { A1: used(1, 2), A2: used(1, null) }), 'Usage and cost');
    expect(rows.map((row) => row.at(-1))).toEqual([
      '$2.00',
      'unknown cost',
      'unknown',
      'unknown cost',
      '– stands where a program reports nothing.',
    ]);
  });

  it('says what was spent on this machine, and of which budget', () => {
    const input: ReportInput = {
      ...reported({}, { A1: used(1, 2) }),
      spending: {
        usage: used(5_000, 3),
        runningMs: 60_000,
        unpriced: false,
        untold: false,
        uncounted: { tokens: false, usd: false },
      },
      budget: { usd: 10, tokens: null, minutes: null },
    };
    expect(under(input, 'Usage and cost').flat().join('\n')).toContain(
      '5000 in, 200 out, $3.00, 1 min (budget: $10)',
    );
  });

  it('leaves out what cost nothing: work that was only verified again, and the change of a person', () => {
    const input = reported({}, { A1: used(1, 2), A2: used(1, 2) });
    const [first, second, third] = input.attempts;
    if (!first || !second || !third) throw new Error('three attempts');
    const attempts = [
      { ...first, predicate: { ...first.predicate, verifiedFrom: 'wave-3/A1/attempt-9' } },
      {
        ...second,
        predicate: { ...second.predicate, executor: { id: 'person', model: null, adopted: true, by: 'Ada' } },
      },
      third,
    ];
    expect(under({ ...input, attempts }, 'Usage and cost').map(([agent]) => agent)).toEqual([
      'A0',
      '– stands where a program reports nothing.',
    ]);
    expect(under({ ...input, attempts }, 'Attempts').map((row) => row.at(-1))).toEqual([
      'verified again from wave-3/A1/attempt-9, no program ran',
      'adopted by Ada',
      '',
    ]);
  });

  it.each<[string, string, ControlPlaneEvent['data'], string]>([
    [
      'a wait',
      'program.waiting',
      { executor: 'codex', ms: 30_000, reason: 'rate limit' },
      'waited 30 s for codex: rate limit',
    ],
    [
      'a switch',
      'program.fell-back',
      { from: 'codex', to: 'claude', reason: 'quota' },
      'went on with claude in place of codex: quota',
    ],
    [
      'permissions that were given away',
      'program.started',
      { notices: ['the sandbox is off'] },
      'the sandbox is off',
    ],
    [
      'a bad end',
      'program.ended',
      { executor: 'codex', outcome: 'timeout', detail: null },
      'codex ended: timeout',
    ],
    [
      'a missing program',
      'program.not-started',
      { executor: 'codex', code: 'x', message: 'not on PATH' },
      'codex was not started: not on PATH',
    ],
    ['a repair', 'envelope.repaired', { accepted: true }, 'its envelope was repaired'],
    [
      'a repair in vain',
      'envelope.repaired',
      { accepted: false },
      'its envelope was asked for again, in vain',
    ],
    ['an event of a shape that it does not know', 'program.waiting', { executor: 5 }, 'waited – for ?: ?'],
  ])('tells of %s on the way', (_what, type, data, words) => {
    expect(under(reported({}, {}, { A1: [[type, data]] }), 'On the way')).toEqual([
      ['A1 attempt 1', `: ${words}`],
    ]);
  });

  it('says nothing of ordinary events', () => {
    const ordinary: [string, ControlPlaneEvent['data']][] = [
      ['attempt.started', {}],
      ['program.started', { notices: [] }],
      ['program.ended', { outcome: 'success', durationMs: 1 }],
      ['a.later.one', {}],
    ];
    expect(under(reported({}, {}, { A1: ordinary }), 'On the way')).toEqual([]);
  });

  it('shows who changes which path, with the diff of each', () => {
    const input = reported();
    const [first] = input.attempts;
    if (!first) throw new Error('an attempt');
    const entry = { mode: '100644', oid: 'a'.repeat(40) };
    const changes = [
      { path: 'src/new.ts', before: null, after: entry },
      { path: 'src/gone.ts', before: entry, after: null },
      { path: 'src/run.sh', before: entry, after: { ...entry, mode: '100755' } },
    ];
    const attempts = input.attempts.map((one) => ({
      ...one,
      predicate: { ...one.predicate, changes: one === first ? changes : [] },
    }));
    const newFile =
      'diff --git a/src/new.ts b/src/new.ts\n--- /dev/null\n+++ b/src/new.ts\n@@ -0,0 +1 @@\n+one';
    const patches = [
      { unitId: 'A1', text: newFile, path: 'a' },
      { unitId: 'A2', text: null, path: 'results/changes.patch' },
    ];
    expect(under({ ...input, attempts, patches }, 'What it changes: 3 paths')).toEqual([
      ['src/gone.ts', 'removed, by A1'],
      ['src/new.ts', 'new, by A1, +1 \u22120', newFile],
      ['src/run.sh', 'changed, mode 100644 to 100755, by A1'],
    ]);
    const hidden = [{ unitId: 'A1', text: null, path: 'results/changes.patch' }];
    expect(under({ ...input, attempts, patches: hidden }, 'What it changes')[0]?.[2]).toBe(
      'The patch of A1 is not shown here: results/changes.patch',
    );
  });

  it('folds two thousand files by folder, and shows no more of them than a page can bear', () => {
    const input = reported();
    const entry = { mode: '100644', oid: 'a'.repeat(40) };
    const paths = Array.from({ length: 2_000 }, (_, at) => `packages/p${at % 40}/src/file-${at}.ts`);
    const attempts = input.attempts.map((one, at) => ({
      ...one,
      predicate: {
        ...one.predicate,
        changes: at === 0 ? paths.map((path) => ({ path, before: null, after: entry })) : [],
      },
    }));
    const line = `+${'x'.repeat(60)}`;
    const text = paths
      .map(
        (path) =>
          `diff --git a/${path} b/${path}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,20 @@\n${Array(20).fill(line).join('\n')}`,
      )
      .join('\n');
    const unitId = input.attempts[0]?.predicate.agentId ?? '';
    const blocks = composeReport({ ...input, attempts, patches: [{ unitId, text, path: 'a.patch' }] });
    expect(blocks.filter(({ kind }) => kind === 'file')).toEqual([]);
    expect(blocks.filter(({ kind }) => kind === 'group').length).toBeLessThan(100);
    const html = renderHtml('x', blocks);
    expect(html.match(/<details class="file">/g)).toHaveLength(2_000);
    expect(html.length).toBeLessThan(5_000_000);
    expect(renderMarkdown(blocks).length).toBeLessThanOrEqual(65_000);
  });

  it('says what reuse saved on this machine', () => {
    const input = reported({}, { A1: used(12_000, 1.5) });
    const proofDigest = input.attempts.find(({ predicate }) => predicate.agentId === 'A1')?.proofDigest ?? '';
    const reuses = ['1', '2'].map((second) => ({
      unitId: 'A1',
      proofDigest,
      at: `2026-01-01T00:00:0${second}.000Z`,
    }));
    expect(
      under({ ...input, reuses }, 'Usage and cost')
        .flat()
        .join('\n'),
    ).toContain(
      'Stored proof was served 2 times on this machine in place of an agent: 24k in, 400 out, $3.00 were not used again.',
    );
  });

  it('lists the decisions of the ledger, oldest first, with who and why', () => {
    const common = {
      schemaVersion: 1,
      wave: 'wave-3',
      recordedAt: '2026-01-02T03:04:05.000Z',
      by: 'Ada',
    } as const;
    const id = (last: string) => `${'0'.repeat(25)}${last}`;
    const ledger: LedgerEntry[] = [
      { ...common, id: id('3'), type: 'gate.waived', code: 'x', agentId: 'A1', reason: 'known' },
      {
        ...common,
        id: id('1'),
        type: 'ownership.amended',
        agentId: 'A2',
        paths: ['a', 'b'],
        reason: 'needed',
      },
      { ...common, id: id('2'), type: 'wave.reopened', reason: 'withdrawn' },
    ];
    expect(under({ ...reported(), ledger }, 'Decisions')).toEqual([
      [common.recordedAt, 'A2 may also change a, b', 'Ada', 'needed'],
      [common.recordedAt, 'reopened', 'Ada', 'withdrawn'],
      [common.recordedAt, 'waived x for A1', 'Ada', 'known'],
    ]);
  });

  it('shows the end of what a failed proof command printed', () => {
    const input = reported({ A2: { failures: ['proof-command-failed'] } });
    const failed = {
      command: 'npm test',
      exitCode: 1,
      outcome: 'failed',
      durationMs: 5,
      tail: 'boom',
    } as const;
    const attempts = input.attempts.map((one) => ({
      ...one,
      predicate: { ...one.predicate, proofCommands: one.predicate.agentId === 'A2' ? [failed] : [] },
    }));
    expect(under({ ...input, attempts }, 'Failed commands')).toEqual([['A2: npm test (failed)', 'boom']]);
  });

  it('is the same for the same store, whatever the order in which attempts are read', () => {
    const input = reported({ A2: { failures: ['agent-exit'] } }, { A1: used(1, 2) });
    const turned = { ...input, attempts: [...input.attempts].reverse(), ledger: [...input.ledger].reverse() };
    expect(composeReport(turned)).toEqual(composeReport(input));
  });
});
