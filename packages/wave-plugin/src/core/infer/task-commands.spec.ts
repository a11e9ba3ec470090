import { startOfCommand, type CommandTask } from './task-commands';

const path = 'docs/plans/waves/wave-3.md';
const program = `exec node -e "require('@nx-wave/plugin/task')"`;

describe('a task as a command', () => {
  it.each<[string, CommandTask, string]>([
    ['an agent', { kind: 'agent', about: 'D1-design' }, 'agent D1-design'],
    ['a gate', { kind: 'gate', about: 'cont-qa' }, 'gate cont-qa'],
    ['the proof', { kind: 'prove' }, 'prove'],
  ])('is what starts %s, and the wave file is a variable', (_, task, words) => {
    expect(startOfCommand(task, path)).toMatchObject({
      executor: 'nx:run-commands',
      options: { command: `${program} ${words}`, env: { NX_WAVE_FILE: path } },
    });
  });

  it.each([
    ['a sign of a shell', 'A1;id'],
    ['a sign of Nx', '{args.x}'],
    ['an option', '-e'],
    ['two lines', 'A1\nid'],
    ['a dot', 'A1.b'],
    ['nothing', ''],
  ])('is never what starts an agent whose id is %s', (_, about) => {
    expect(startOfCommand({ kind: 'agent', about }, path)).toBeNull();
  });
});
