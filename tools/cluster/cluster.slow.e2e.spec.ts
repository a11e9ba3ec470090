// Tests cluster.mjs: a short form of `npm run test:cluster`, with its negative controls.
import { simulate } from './simulate';
import { controls } from './without';

jest.setTimeout(600_000);

it('every invariant of the shared store holds on machines that die, sleep and lose answers', async () => {
  const told: string[] = [];
  const totals = await simulate({
    trials: 40,
    seed: 7,
    disturbed: 3,
    compare: true,
    report: (text) => void told.push(text),
  });
  expect(told).toEqual([]);
  expect(totals.causes['none'] ?? 0).toBe(0);
  // Each was put to the test, and without a store the same trials pay for every clone.
  expect(Object.entries(totals.tested).filter(([, count]) => count === 0)).toEqual([]);
  const starts = (all: { starts: number }[]) => all.reduce((sum, one) => sum + one.starts, 0);
  expect(starts(totals.alone)).toBeGreaterThan(2 * starts(totals.shared));
});

it.each(Object.entries(controls))('without the rule %s its invariant is red', async (_name, control) => {
  const { red } = await simulate({
    trials: 6,
    seed: 1,
    control,
    disturbed: control.breaks === 'I6' ? 8 : 0,
    compare: false,
    report: () => undefined,
  });
  expect(Object.keys(red)).toContain(control.breaks);
});
