// Tests edges/git/merge-slices.ts with what edges/git/clean-images.ts made of a slice: a wave that is opened again.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writePointer } from '../../core/lfs-pointer';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { type RigAgent } from '../../testing/rig-wave';
import { useSmallLfs } from '../../testing/small-lfs';
import { runLand } from './run-land';
import { runReopen } from './run-reopen';

const agents: RigAgent[] = [
  {
    id: 'A1',
    owns: ['art/', 'src/'],
    deliverables: ['art/logo.bin', 'art/new.bin', 'src/text.txt'],
    does: `write('art/logo.bin', 'new logo'); write('art/new.bin', 'new'); write('src/text.txt', 'one\\r\\nTWO\\r\\n');`,
    proofCommands: [
      `node -e "process.exit(require('fs').readFileSync('art/other.bin','utf8') === 'other' && require('fs').readFileSync('art/logo.bin','utf8') === 'new logo' ? 0 : 1)"`,
    ],
  },
  { id: 'A0' },
];

async function lfsRig(): Promise<WaveRig> {
  const rig = createWaveRig({ agents });
  useSmallLfs({ dir: rig.dir, store: join(rig.root, '.git', 'lfs'), git: rig.git });
  rig.write('.gitattributes', '*.bin filter=lfs -text\n*.txt text\n');
  rig.write('art/logo.bin', 'old logo');
  rig.write('art/other.bin', 'other');
  rig.write('src/text.txt', 'one\ntwo\n');
  rig.git('add', '-A');
  rig.git('commit', '-qm', 'art');
  return rig;
}

async function sessionOf(rig: WaveRig) {
  const session = await rig.session(rig.edges());
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return session.value;
}

const pointer = (text: string) =>
  writePointer({ sha256: createHash('sha256').update(text).digest('hex'), bytes: text.length });

describe('a wave that changed files which git stores otherwise', () => {
  it('is proved with the content of Git LFS, lands as git add stores it, and is served when it is opened again', async () => {
    await using rig = await lfsRig();
    const first = await rig.launch();
    expect([first.closure?.state, first.failures]).toEqual(['closed', []]);
    const landed = await runLand(await sessionOf(rig), { mode: 'commit', by: 'Ada' });
    expect(landed).toMatchObject({ ok: true });
    expect(rig.git('show', 'HEAD:art/logo.bin')).toBe(pointer('new logo'));
    expect(rig.git('show', 'HEAD:src/text.txt')).toBe('one\nTWO\n');
    expect(rig.git('status', '--porcelain')).toBe('');

    expect(await runReopen(await sessionOf(rig), { by: 'Ada', reason: 'again' })).toMatchObject({ ok: true });
    const again = await rig.launch();
    expect([again.failures, again.ran, again.closure?.state]).toEqual([[], {}, 'closed']);
  });
});
