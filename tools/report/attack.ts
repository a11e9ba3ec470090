import type { ReportInput } from '../../packages/wave-plugin/src/core/views/report/report-input';
import { composeReport } from '../../packages/wave-plugin/src/core/views/report/compose-report';
import { renderHtml } from '../../packages/wave-plugin/src/core/views/report/render-html';
import { reported } from '../../packages/wave-plugin/src/testing/reported-wave';

/** What an agent could write to be more than text. `hit` is what any of it would set, had it run. */
export const attacks = [
  '<script>window.hit = 1</script>',
  '</script><script>window.hit = 2</script>',
  '</pre></details></main><img src=x onerror="window.hit = 3">',
  '"><svg onload="window.hit = 4"><animate onbegin="window.hit = 5"></svg>',
  "' autofocus onfocus='window.hit = 6",
  '<a href="javascript:window.hit = 7">click</a> javascript:window.hit=8',
  '<iframe srcdoc="<script>parent.hit = 9</script>"></iframe>',
  '<base href="https://attack.invalid/"><form action="https://attack.invalid/"><input name=q></form>',
  '<link rel=stylesheet href="https://attack.invalid/x.css"><style>body { display: none }</style>',
  '<meta http-equiv="refresh" content="0; url=https://attack.invalid/">',
  '</title></style><plaintext>',
  '<!-- --><![CDATA[ ]]>&lt;script&gt;&#x3c;script&#62;',
  '\u202egnp.exe\u2066 abc \u2069\u200f',
  '\u001b]0;renamed\u0007\u001b[2J\u0000\u0008',
  '`${window.hit = 10}`{{constructor.constructor("window.hit = 11")()}}',
];

/** A report whose every text is an attack: names of agents, paths, messages, words, diffs, decisions. */
export function attackReport(): string {
  const evil = attacks.join(' ');
  const input = reported({ A2: { failures: ['proof-command-failed'] } });
  const entry = { mode: '100644', oid: 'a'.repeat(40) };
  const diff = [
    'diff --git a/x b/x',
    '--- a/x',
    '+++ b/x',
    '@@ -1,1 +1,20 @@',
    ...attacks.map((one) => `+${one.replace(/\n/g, ' ')}`),
  ].join('\n');
  const command = {
    command: evil,
    exitCode: 1,
    outcome: 'failed',
    durationMs: 5,
    tail: attacks.join('\n'),
  } as const;
  const evilInput: ReportInput = {
    ...input,
    wave: { ...input.wave, title: evil },
    attempts: input.attempts.map((one) => ({
      ...one,
      predicate: {
        ...one.predicate,
        proofBundleId: evil,
        executor: { id: evil, model: evil },
        changes: [
          { path: 'x', before: null, after: entry },
          ...attacks.map((path) => ({ path, before: entry, after: null })),
        ],
        proofCommands: [command],
        failures: [{ code: evil, message: evil }],
      },
    })),
    state: {
      ...input.state,
      units: input.state.units.map((unit) => ({
        ...unit,
        title: evil,
        failures: unit.failures.map(({ code }) => ({ code, message: attacks.join('\n') })),
      })),
      facts: [{ id: 'f', content: evil, by: evil } as unknown as ReportInput['state']['facts'][number]],
      questions: [{ requestId: evil, agentId: evil, summary: evil }],
    },
    words: [{ unitId: evil, summary: evil, gaps: [evil], riskNotes: [evil] }],
    cages: [{ unitId: evil, agent: `none: ${evil}`, proofs: evil }],
    patches: [{ unitId: 'A1', text: diff, path: evil }],
    refused: [{ unitId: 'A2', text: diff, path: evil }],
  };
  return renderHtml(evil, composeReport(evilInput));
}

/** A wave of 40 agents that change 2,000 files, as a page. */
export function hugeReport(): string {
  const input = reported();
  const [first] = input.attempts;
  const [unit] = input.state.units;
  const [agent] = input.wave.agents;
  const [closed] = input.closure.agents;
  if (!first || !unit || !agent || !closed) throw new Error('A wave has an agent.');
  const ids = Array.from({ length: 40 }, (_, at) => `A${at + 1}`);
  const entry = { mode: '100644', oid: 'a'.repeat(40) };
  const pathsOf = (at: number) =>
    Array.from({ length: 50 }, (_, n) => `packages/area-${at}/src/part-${n % 5}/file-${n}.ts`);
  const diffOf = (path: string) =>
    [
      `diff --git a/${path} b/${path}`,
      `--- a/${path}`,
      `+++ b/${path}`,
      '@@ -1,12 +1,12 @@',
      ...Array.from({ length: 6 }, (_, n) => [
        ` const same${n} = ${n};`,
        `-const before${n} = compute(${n}, 'old');`,
        `+const before${n} = compute(${n}, 'new');`,
      ]).flat(),
    ].join('\n');
  return renderHtml(
    'wave-3',
    composeReport({
      ...input,
      wave: { ...input.wave, agents: ids.map((unitId) => ({ ...agent, unitId, agentId: unitId })) },
      state: { ...input.state, units: ids.map((unitId) => ({ ...unit, unitId, agentId: unitId })) },
      closure: { ...input.closure, agents: ids.map((agentId) => ({ ...closed, agentId })) },
      attempts: ids.map((agentId, at) => ({
        ...first,
        proofDigest: String(at).padStart(64, '0'),
        predicate: {
          ...first.predicate,
          agentId,
          proofBundleId: `wave-3/${agentId}/attempt-1`,
          changes: pathsOf(at).map((path) => ({ path, before: entry, after: entry })),
        },
      })),
      patches: ids.map((unitId, at) => ({
        unitId,
        text: pathsOf(at).map(diffOf).join('\n'),
        path: `results/${unitId}.patch`,
      })),
      words: ids.map((unitId) => ({
        unitId,
        summary: 'Did its part.',
        gaps: [],
        riskNotes: ['none of its own'],
      })),
    }),
  );
}
