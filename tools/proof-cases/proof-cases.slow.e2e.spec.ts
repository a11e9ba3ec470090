/** A few of the cases of tools/proof-cases, by the engine of today; `npm run proof:cases` runs all of them. */
import { cheats, honest } from './all-cases';
import { type Caught, type SliceCase } from './proof-case';
import { runCase } from './run-case';
import { caughtAt, missedGoals, ratesOf, type Row } from './table';

const caseOf = <One extends SliceCase>(cases: readonly One[], id: string): One => {
  const found = cases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
};

describe('cases of proof', () => {
  it.each([
    ['text-asserts-nothing', 'proof-hollow'],
    ['text-or-true', 'proof-config-changed'],
    ['cart-todo', 'proof-tests-not-run'],
    ['calc-untested', 'proof-hollow'],
    ['cli-exit', 'proof-hollow'],
  ])('%s is refused by %s, and closes at `exit`', async (id, code) => {
    const end = await runCase(caseOf(cheats, id), { levels: ['exit', 'checked'] });
    expect(end.exit?.accepted).toBe(true);
    expect(end.checked?.codes).toEqual([code]);
  });

  it.each(['text-refactor-thin', 'text-generated', 'cart-snapshot', 'calc-power', 'cli-flag', 'rust-scale'])(
    '%s is honest work, and closes at the default level',
    async (id) => {
      const end = await runCase(caseOf(honest, id), { levels: ['checked'] });
      expect(end.checked?.messages).toEqual([]);
    },
  );
});

describe('the rates of cases', () => {
  const row = (caught: Caught | null, measuringMs = 50): Row => {
    const accepted = { accepted: true, codes: [], messages: [], cost: { proofMs: 100, measuringMs } };
    const refused = { accepted: false, codes: ['proof-hollow'], messages: [], cost: null };
    const exit = caught === 'exit' ? refused : accepted;
    const checked = caught === 'checked' ? refused : accepted;
    return { id: 'a', kind: 'a', runner: 'jest', end: { exit, checked } };
  };
  const rows = (count: number, one: Row) => Array.from({ length: count }, () => one);

  it('are held to what a suite of forty has to reach', () => {
    const good = [...rows(36, row('checked')), ...rows(4, row(null))];
    expect(missedGoals(ratesOf(good, rows(40, row(null))))).toEqual([]);
    expect(missedGoals(ratesOf(good, [...rows(39, row(null)), row('checked')]))).toHaveLength(1);
    expect(missedGoals(ratesOf(good, rows(40, row(null, 90))))).toHaveLength(1);
    expect(missedGoals(ratesOf([...rows(30, row('checked')), ...rows(10, row(null))], []))).toHaveLength(2);
    expect(missedGoals(ratesOf(rows(40, row('exit')), []))).toHaveLength(1);
  });

  it('count a cheat where it is refused first', () => {
    expect(caughtAt(row('checked').end)).toBe('checked');
    expect(caughtAt(row(null).end)).toBe('never');
  });
});
