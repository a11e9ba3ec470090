import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig } from '../../testing/rig';
import { runLaunch } from './run-launch';

/** Writes something else in the place of a text that a file holds. */
function change(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(path, text.replace(from, to));
}

test.each([
  ['is gone', (path: string) => rmSync(path)],
  ['was cut', (path: string) => truncateSync(path, 100)],
  ['was changed', (path: string) => change(path, /"baseTree":"\w{8}/, '"baseTree":"00000000')],
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

test('a proof of the merged tree is remembered as long as what is kept of it is not changed', async () => {
  await using rig = createWaveRig({ agents: [{ id: 'A1', proofCommands: ['test -d src'] }] });
  // The gate is the first to ask, and leaves what \`prove\` finds.
  const saidFirst = async () =>
    (await rig.launch()).lines.find((line) => line.startsWith('proved on the merged tree: test -d src'));
  const before = ' (this tree was proved before)';
  expect(await saidFirst()).not.toContain(before);
  expect(await saidFirst()).toContain(before);
  const session = await rig.session();
  if (!session.ok) throw new Error('no session');
  const kept = join(session.value.durableRoot, 'tree-proofs');
  for (const name of readdirSync(kept)) change(join(kept, name), /"durationMs":\d+/, '"durationMs":987654');
  expect(await saidFirst()).not.toContain(before);
});
