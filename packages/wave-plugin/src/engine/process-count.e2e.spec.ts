// Tests how many git processes the tasks of a launch start (engine/slices/run-folder.ts): bounds, so that fewer are welcome.
import { join } from 'node:path';
import { createGitEdge } from '../edges/git/git-edge';
import { countGit } from '../testing/count-git';
import { createWaveRig } from '../testing/rig';

const proof = { proofCommands: ['node --version'] };

it('are at most eleven for an agent with a proof command, the first of its command', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1', ...proof }] });
  const counted = countGit(rig.dir, rig.env);
  const git = createGitEdge({ env: counted.env, tmpDir: join(rig.dir, 'scratch') });
  const processes = await counted.during(async () =>
    expect((await rig.agent('A1', { git })).tasks).toEqual({ 'agent-a1': 'proven' }),
  );
  expect(processes).toBeGreaterThan(0);
  expect(processes).toBeLessThanOrEqual(11);
});

it('are at most eight on average for a launch, whose tasks share one snapshot and each merge', async () => {
  await using rig = createWaveRig({
    agents: [{ id: 'A1', ...proof }, { id: 'A8' }, { id: 'A9' }, { id: 'A0' }],
  });
  const counted = countGit(rig.dir, rig.env);
  const git = createGitEdge({ env: counted.env, tmpDir: join(rig.dir, 'scratch') });
  let tasks = 0;
  const processes = await counted.during(async () => {
    const launched = await rig.launch({ git });
    expect(launched.closure?.state).toBe('closed');
    tasks = Object.keys(launched.tasks).length;
  });
  expect(tasks).toBeGreaterThanOrEqual(8);
  expect(processes / tasks).toBeLessThanOrEqual(8);
});
