// Tests engine/stages/run-gate.ts: the folder in which a gate prepares its slices has an owner.
import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { createWaveRig } from '../../testing/rig';

it('is swept like any other where the gate is killed, for it says whose it is', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1' }, { id: 'A2' }] });
  const { git } = rig.edges();
  const owned: boolean[] = [];
  const packObjects: typeof git.packObjects = async (...call) => {
    const { packFile } = call[2];
    if (packFile.includes('-slices-')) owned.push(existsSync(join(dirname(dirname(packFile)), 'owner.json')));
    return git.packObjects(...call);
  };
  expect(await rig.launch({ git: { ...git, packObjects } })).toMatchObject({ closure: { state: 'closed' } });
  expect(new Set(owned)).toEqual(new Set([true]));
});
