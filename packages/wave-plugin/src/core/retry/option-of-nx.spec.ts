import { misspelledAgents } from './option-of-nx';

const nextOf = (...lines: string[]) =>
  misspelledAgents(
    lines.map((line) => line.split(' ')),
    'wave-1',
  )?.next;

describe('`retry --agents`, which Nx keeps for itself', () => {
  it.each([
    ['node nx run wave-1:retry --agents=A2,A3', 'nx run wave-1:retry --agent=A2,A3'],
    ['node nx run wave-1:retry --agents A2 --apply', 'nx run wave-1:retry --agent=A2'],
    ['node nx run wave-1:retry --agents --apply', 'nx run wave-1:retry --agent=A1,A2'],
    ['node nx run wave-1:retry --agents=A2;id', 'nx run wave-1:retry --agent=A1,A2'],
    ['node nx run wave-1:retry --agents=$(id)A2', 'nx run wave-1:retry --agent=A1,A2'],
    ['node nx run wave-1:retry --agents', 'nx run wave-1:retry --agent=A1,A2'],
  ])('is answered with the right spelling: %s', (line, next) => {
    expect(nextOf('node run-executor.js', line, 'bash')).toBe(next);
  });

  it.each([
    'node nx run wave-1:retry --agent=A2',
    'node nx run wave-2:retry --agents=A2',
    'agent --agents=A2',
  ])('is not seen in %s', (line) => expect(nextOf(line)).toBeUndefined());
});
