import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariants, type Findings, type Invariant } from './checks';
import type { Outcome } from './trial';

export interface Totals {
  trials: number;
  tested: Record<Invariant, number>;
  /** Trials in which each was red. */
  red: Partial<Record<Findings['red'][number]['of'], number>>;
  causes: Record<string, number>;
  shared: Outcome[];
  alone: Outcome[];
  met: Record<string, number>;
}

const about: Record<Invariant, string> = {
  I1: 'agents of a key never overlap, but for one model call per wake-up',
  I2: 'every start of a program has a cause',
  I3: 'no start of a key after it failed in the same run',
  I4: 'spending stays within the budget, one call of each program and those while a runner stood still; programs within the places',
  I5: 'what a dead holder had is free after 180 s and one poll',
  I6: 'losing or doubling any response leaves the same final claim',
  I7: 'each digest that is named reads whole, or is a miss with a reason',
  I8: 'no proof without a finished agent and verification',
  I9: 'machines with the same base show the same bytes',
  I10: 'old reads, skewed clocks and wrong listings change waiting only',
  I11: 'a killed machine loses five minutes and one upload at most',
};

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const sum = (all: readonly Outcome[], of: (one: Outcome) => number) =>
  all.reduce((total, one) => total + of(one), 0);

export function renderTables(totals: Totals, command: string): string {
  return [
    [
      row(['', 'holds when', 'put to the test', 'trials in which it did not hold']),
      row(['---', '---', '--:', '--:']),
      ...invariants.map((one) => row([one, about[one], totals.tested[one], totals.red[one] ?? 0])),
      row(['lost', 'what was proven is served to whoever comes last', totals.trials, totals.red.lost ?? 0]),
      row([
        'defects',
        'nothing is thrown, and every task comes to an end',
        totals.trials,
        totals.red.defect ?? 0,
      ]),
    ].join('\n'),
    [
      row(['', 'agents', 'starts', 'paid', 'needed', 'beyond the budget', 'agents with different results']),
      row(['---', '--:', '--:', '--:', '--:', '--:', '--:']),
      settingRow('with the shared store', totals.shared),
      settingRow('each clone for itself', totals.alone),
    ].join('\n'),
    [
      row(['starts with the shared store', '']),
      row(['---', '--:']),
      ...Object.entries(totals.causes)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([cause, count]) => row([causes[cause] ?? cause, count])),
    ].join('\n'),
    `Made by \`${command}\`: ${totals.trials} trials. Met on the way: ${Object.entries(totals.met)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, count]) => `${words[what] ?? what} ${count}`)
      .join(', ')}.`,
  ].join('\n\n');
}

function settingRow(name: string, all: readonly Outcome[]): string {
  const limited = all.filter(({ over }) => over !== null);
  const most = Math.max(0, ...limited.map(({ over }) => over ?? 0));
  const beyond = limited.filter(({ over }) => (over ?? 0) > 0).length;
  return row([
    name,
    sum(all, ({ keys }) => keys),
    sum(all, ({ starts }) => starts),
    `$${sum(all, ({ spent }) => spent).toFixed(2)}`,
    `$${sum(all, ({ needed }) => needed).toFixed(2)}`,
    `${beyond} of ${limited.length} trials, at most $${most.toFixed(2)}`,
    sum(all, ({ different }) => different),
  ]);
}

const causes: Record<string, string> = {
  first: 'the first of its key',
  lost: 'the one before was lost: killed, suspended, without its store',
  interrupted: 'the one before was drained, or stopped by the budget',
  failed: 'the one before failed, in another run or by login or quota',
  refused: 'the proof does not hold on the base of this machine',
  unreadable: 'the proof cannot be read any more',
  deleted: 'the claim was deleted from the store: nobody is protected from that',
  none: 'without a cause',
};

const words: Record<string, string> = {
  lostRequest: 'lost requests',
  lostResponse: 'lost responses',
  doubled: 'doubled requests',
  late: 'late writes',
  stale: 'old reads',
  throttled: 'throttled calls',
  outage: 'calls in an outage',
  expired: 'calls with expired credentials',
  'half-written': 'half-written archives',
  deleted: 'deleted claims',
};

const begin = '<!-- made by npm run test:cluster -- --write -->';
const end = '<!-- end of what is made -->';

/** Puts the tables into docs/promises-cluster.md, between its two marks. */
export function writeTables(root: string, tables: string): void {
  const path = join(root, 'docs', 'promises-cluster.md');
  const [before, rest] = readFileSync(path, 'utf8').split(begin);
  const [, after] = (rest ?? '').split(end);
  if (before === undefined || after === undefined)
    throw new Error(`${path} has lost the marks around its tables.`);
  writeFileSync(path, `${before}${begin}\n\n${tables}\n\n${end}${after}`);
}
