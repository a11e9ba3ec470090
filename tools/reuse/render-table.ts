/** What a scenario did when it was run. */
export interface Observed {
  change: string;
  ran: readonly string[];
}

/** The page of the docs; everything in it was observed. */
export function renderReuseTable(first: readonly string[], observed: readonly Observed[]): string {
  const rows = observed.map(({ change, ran }) => [change, ran.length === 0 ? 'nobody' : ran.join(', ')]);
  const width = (at: 0 | 1, head: string) =>
    Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0));
  const widths = [width(0, 'What happened'), width(1, 'Agents that ran')] as const;
  const line = (a: string, b: string) => `| ${a.padEnd(widths[0])} | ${b.padEnd(widths[1])} |`;
  return [
    '# What is paid again, and what is not',
    '',
    'Printed by `node tools/print-reuse-table.mjs` from real launches: real git, real Nx, agents that count their starts.',
    'The wave has two agents side by side (A1, A2), one that builds on the first (A3), and a steward of the next stage',
    `(A8). Its first launch ran ${first.join(', ')}. Then, one after the other:`,
    '',
    line('What happened', 'Agents that ran'),
    line('-'.repeat(widths[0]), '-'.repeat(widths[1])),
    ...rows.map(([change, ran]) => line(change ?? '', ran ?? '')),
    '',
    'The same list is the test `tools/reuse/reuse.slow.e2e.spec.ts`.',
    '',
  ].join('\n');
}
