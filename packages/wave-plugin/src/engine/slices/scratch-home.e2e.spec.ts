// About scratch-home.ts: a killed command leaves no folder that nobody is noted as the owner of.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failure, ok } from '@nx-wave/schemas/plain';
import { createWaveRig } from '../../testing/rig';

const steward = { id: 'A0' };

it('has its owner noted before the first thing stands in it, in every step of a launch', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1' }, steward] });
  const { git } = rig.edges();
  const homes: string[] = [];
  const orphans: string[] = [];
  const look = (folder: string) => {
    homes.push(folder.replace(/^.*wave-1-(\w+)-\w+$/, '$1'));
    if (!existsSync(join(folder, 'owner.json'))) orphans.push(folder);
  };
  const snapshot: typeof git.snapshot = (repo, options) => {
    look(dirname(options.into));
    return git.snapshot(repo, options);
  };
  // As if somebody worked meanwhile: every step then takes a snapshot of its own.
  const isWorkingTree = async () => ok(false);
  const { closure } = await rig.launch({ git: { ...git, snapshot, isWorkingTree } });
  expect(closure?.state).toBe('closed');
  expect(homes).toEqual(expect.arrayContaining(['gate', 'prove']));
  expect(orphans).toEqual([]);
});

it('that cannot be removed is told with its path, and the agent is proven all the same', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1' }, steward] });
  const { git } = rig.edges();
  const left = failure('state-unwritable', '/scratch/pinned cannot be removed (EPERM).', {
    severity: 'warning',
  });
  const ended = await rig.agent('A1', { git: { ...git, discardFolder: async () => left } });
  expect(ended.tasks).toEqual({ 'agent-a1': 'proven' });
  expect(ended.lines.join('\n')).toContain('/scratch/pinned cannot be removed');
  expect(readdirSync(join(rig.dir, 'scratch')).length).toBeGreaterThan(0);
});
