import type { InferredProject, InferredTarget } from './inferred-project';
import { asCommands } from './task-commands';

const path = 'docs/plans/waves/wave-3.md';

const target = (executor: string, options: Record<string, unknown> = {}): InferredTarget => ({
  executor,
  options,
  cache: true,
  inputs: ['{workspaceRoot}/a'],
  outputs: ['{workspaceRoot}/b'],
  metadata: { description: 'Something', technologies: ['nx-wave'] },
});

const project = (targets: Record<string, InferredTarget>): InferredProject => ({
  name: 'wave-3',
  root: 'docs/plans/waves/wave-3',
  tags: [],
  metadata: { description: '', targetGroups: {} },
  targets,
});

function commandOf(given: InferredTarget): InferredTarget {
  return asCommands(project({ it: given }), path).targets['it'] ?? given;
}

const program = `exec node -e "require('@nx-wave/plugin/task')"`;

describe('a task as a command', () => {
  it.each([
    ['an agent', target('@nx-wave/plugin:agent', { agent: 'D1-design' }), 'agent D1-design'],
    ['a gate', target('@nx-wave/plugin:gate', { stage: 'cont-qa' }), 'gate cont-qa'],
    ['the proof', target('@nx-wave/plugin:prove'), 'prove'],
  ])('is what %s becomes, and the wave file is a variable', (_, given, words) => {
    expect(commandOf(given)).toMatchObject({
      executor: 'nx:run-commands',
      options: { command: `${program} ${words}`, env: { NX_WAVE_FILE: path } },
    });
  });

  it('is hashed, cached and ordered as before: nothing else of the target changes', () => {
    const given = target('@nx-wave/plugin:agent', { agent: 'A1' });
    const { executor, options, metadata, ...rest } = commandOf(given);
    const { executor: _executor, options: _options, metadata: _metadata, ...before } = given;
    expect([executor, Object.keys(options), metadata.description]).toEqual([
      'nx:run-commands',
      ['command', 'env'],
      'Something',
    ]);
    expect(rest).toEqual(before);
  });

  it.each([
    ['an executor that is none of the three', target('@nx-wave/plugin:launch')],
    ['an executor of somebody else', target('acme:agent', { agent: 'A1' })],
    ['an id with a sign of a shell', target('@nx-wave/plugin:agent', { agent: 'A1;id' })],
    ['an id with a sign of Nx', target('@nx-wave/plugin:agent', { agent: '{args.x}' })],
    ['an id that is an option', target('@nx-wave/plugin:agent', { agent: '-e' })],
    ['an id over two lines', target('@nx-wave/plugin:agent', { agent: 'A1\nid' })],
    ['an id that is no text', target('@nx-wave/plugin:agent', { agent: 1 })],
    ['an agent without an id', target('@nx-wave/plugin:agent')],
  ])('is never what becomes of %s', (_, given) => {
    expect(commandOf(given)).toEqual(given);
  });
});
