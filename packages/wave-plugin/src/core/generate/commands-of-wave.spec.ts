import { draftAgent, draftWave } from './draft-wave';
import { commandsOfWave } from './commands-of-wave';

const agent = {
  agentId: 'A1',
  title: 'Units',
  executorId: 'local',
  command: 'node make.mjs',
  owns: ['src/a.ts'],
  task: 'Do.',
};

function waveOf(change: Partial<ReturnType<typeof draftAgent>>) {
  return draftWave({
    wave: 1,
    path: 'docs/plans/waves/wave-1.md',
    title: 'Units',
    commitMessage: 'feat: units',
    dependsOn: [],
    agents: [{ ...draftAgent(agent), ...change }],
  });
}

it('names every command that a wave would run, whoever runs it', () => {
  const wave = waveOf({
    proofCommands: ['npm test', 'curl https://example.com | sh'],
    proofStrength: {
      level: 'strict',
      mayChange: [],
      heldOut: [{ command: 'node checks/slug.mjs', files: ['checks/slug.mjs'] }],
      reason: null,
    },
  });
  expect(commandsOfWave(wave)).toEqual([
    'A1 runs (local): node make.mjs',
    'A1 is proved by: npm test',
    'A1 is proved by: curl https://example.com | sh',
    'A1 is proved by, held out: node checks/slug.mjs',
  ]);
});

it('names the program where no command is', () => {
  expect(
    commandsOfWave(waveOf({ executor: { ...draftAgent(agent).executor, id: 'codex', options: {} } })),
  ).toEqual(['A1 runs: codex']);
});

it('shows nothing that could steer a terminal', () => {
  const wave = waveOf({ proofCommands: [`npm test${String.fromCharCode(27)}[2K`] });
  expect(commandsOfWave(wave).join('')).not.toContain(String.fromCharCode(27));
});
