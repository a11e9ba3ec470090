import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig } from '../../testing/rig';
import { runLaunch } from './run-launch';

test.each([
  ['is gone', (path: string) => rmSync(path)],
  ['was cut', (path: string) => truncateSync(path, 100)],
])(
  'a launch whose record of the merged tree %s, as a damaged cache of Nx gives it back, names the task that makes it anew',
  async (_what, harm) => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    expect((await rig.launch()).closure?.state).toBe('closed');
    const session = await rig.session();
    if (!session.ok) throw new Error('no session');
    harm(join(rig.root, session.value.paths.prove));
    const launched = await runLaunch(session.value);
    expect(launched.ok ? [] : launched.error).toMatchObject([
      {
        code: 'merged-tree-unproven',
        place: { path: session.value.paths.prove },
        next: expect.stringContaining('nx run wave-1:prove --skip-nx-cache') as string,
      },
    ]);
    expect((await rig.launch()).closure?.state).toBe('closed');
  },
);
