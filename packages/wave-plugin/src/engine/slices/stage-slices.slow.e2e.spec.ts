import type { FileChange } from '@nx-wave/schemas';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { runLand } from '../wave/run-land';
import { readStageSlices } from './stage-slices';

const listed = '.tmp/main-wave-launcher/gates/wave-1/cont-qa/slices.json';

interface Listed {
  slices: { sliceId: string; resultDigest: string; changes: FileChange[] }[];
}

/** A closed wave whose cached list of slices somebody has edited. */
async function tamperedWave(edit: (list: Listed) => void): Promise<WaveRig> {
  const rig = createWaveRig({ agents: [{ id: 'A1' }, { id: 'A0', owns: ['docs/reviews/wave-1.md'] }] });
  const { closure } = await rig.launch();
  expect(closure?.state).toBe('closed');
  const list = JSON.parse(rig.read(listed)) as Listed;
  edit(list);
  rig.write(listed, JSON.stringify(list));
  return rig;
}

async function openSession(rig: WaveRig) {
  const opened = await rig.session();
  if (!opened.ok) throw new Error('the wave cannot be opened');
  return opened.value;
}

describe('slices that a gate left', () => {
  it.each<[string, (list: Listed) => void]>([
    [
      'a change that no bundle proves',
      ({ slices: [first] }) =>
        first?.changes.push({ ...(first.changes[0] as FileChange), path: 'package.json' }),
    ],
    [
      'another result than the one judged',
      ({ slices: [first] }) => Object.assign(first ?? {}, { resultDigest: 'f'.repeat(64) }),
    ],
  ])('are refused with %s, by what builds on them and by landing', async (_title, edit) => {
    await using rig = await tamperedWave(edit);
    const session = await openSession(rig);
    expect(await readStageSlices(session, 'cont-qa')).toMatchObject({
      ok: false,
      error: {
        code: 'proof-altered',
        next: expect.stringMatching(/^nx run wave-1:gate-cont-qa --skip-nx-cache \(/),
      },
    });
    const before = rig.fingerprint();
    expect(await runLand(session, { mode: 'tree', by: 'Ada' })).toMatchObject({
      ok: false,
      error: [{ code: 'proof-altered' }],
    });
    expect(rig.fingerprint()).toBe(before);
  });
});
