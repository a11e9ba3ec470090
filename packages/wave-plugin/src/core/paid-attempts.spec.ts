import { countsAsAttempt, failedAttempts, wasPaid, type AttemptFacts } from './paid-attempts';

const ended = (code: string | null, more: Partial<AttemptFacts> = {}): AttemptFacts => ({
  state: 'not_proven',
  executor: { id: 'codex', model: null },
  failures: code === null ? [] : [{ code, message: 'It ended.' }],
  ...more,
});
const byPerson = { executor: { id: 'person', model: null, adopted: true, by: 'Ada' } };

/** An attempt, whether it was paid for, and whether it uses up one of `limits.attempts`. */
const attempts: [string, AttemptFacts, boolean, boolean][] = [
  ['work that was refused', ended('proof-command-failed'), true, true],
  ['work that was collected and not judged', ended(null, { state: 'collected' }), true, true],
  ['a crash', ended('agent-exit'), true, true],
  ['a time-out', ended('agent-timeout'), true, true],
  ['a service that cannot be reached', ended('agent-network'), true, true],
  ['a login that was refused', ended('agent-auth'), true, false],
  ['a used up quota', ended('agent-quota'), true, false],
  ['a rate limit', ended('agent-rate-limited'), true, false],
  ['a runner that was lost', ended('agent-interrupted'), true, false],
  ['a cancelled run', ended('agent-cancelled'), true, false],
  ['a program that never started', ended('agent-spawn'), true, false],
  [
    'work that was verified again',
    ended('proof-command-failed', { verifiedFrom: 'wave-1/A1/attempt-1' }),
    false,
    false,
  ],
  ['a change of a person', ended(null, { state: 'collected', ...byPerson }), false, false],
  [
    'a change of a person that was refused',
    ended('ownership-violation', { ...byPerson, verifiedFrom: 'wave-1/A1/attempt-2' }),
    false,
    false,
  ],
];

it.each(attempts)('%s', (_name, attempt, paid, counts) => {
  expect([wasPaid(attempt), countsAsAttempt(attempt)]).toEqual([paid, counts]);
  expect(failedAttempts([attempt, attempt])).toBe(counts ? 2 : 0);
});

it('a proven attempt is no failed one', () => {
  expect(failedAttempts([ended(null, { state: 'owned_slice_proven' })])).toBe(0);
});
