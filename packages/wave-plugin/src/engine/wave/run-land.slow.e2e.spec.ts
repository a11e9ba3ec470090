import { createWaveRig, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { runLand, type LandOptions } from './run-land';
import { runReopen } from './run-reopen';

const agents = () => [
  {
    id: 'A1',
    proofCommands: [
      `node -e "process.exit(parseInt(require('fs').readFileSync('src/limit.txt','utf8')) > 5 ? 1 : 0)"`,
    ],
  },
  {
    id: 'A2',
    owns: ['src/limit.txt'],
    does: "write('src/limit.txt', read('src/limit.txt').replace('last', 'LAST'))",
  },
  { id: 'A0', owns: ['docs/reviews/wave-1.md'] },
];
const files = { 'src/limit.txt': '3\n\n\n\n\n\n\nlast\n' };

async function land(rig: WaveRig, options: Partial<LandOptions> = {}) {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return runLand(session.value, { mode: 'tree', by: 'Ada', ...options });
}

const codes = (report: Awaited<ReturnType<typeof land>>) =>
  report.ok ? [] : report.error.map(({ code }) => code);

describe('land', () => {
  it('refuses a wave that is not closed, and one that was closed on other specs', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    expect(codes(await land(rig))).toEqual(['closure-missing']);
    await rig.launch();
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: 'Something else.' }));
    expect(codes(await land(rig))).toEqual(['closure-stale']);
    expect(rig.read('src/limit.txt')).toBe(files['src/limit.txt']);
  });

  it('lands in the working tree; launching runs nobody, drift is reported, reopening serves the store', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    const landed = await land(rig);
    expect(landed.ok && landed.value.changes.map(({ path }) => path)).toEqual([
      'docs/reviews/wave-1.md',
      'src/A1.txt',
      'src/limit.txt',
    ]);
    expect(rig.read('src/limit.txt')).toContain('LAST');
    expect(await rig.launch()).toMatchObject({
      ran: {},
      closure: { state: 'closed', landed: true, landing: { state: 'completed' } },
    });

    rig.write('src/A1.txt', 'edited by a person\n');
    expect((await rig.launch()).closure).toMatchObject({
      landing: { state: 'completed_with_drift', paths: ['src/A1.txt'] },
    });
    expect(codes(await land(rig))).toEqual(['wave-landed']);

    const edges = rig.edges();
    const session = await rig.session(edges);
    expect(session.ok && (await runReopen(session.value, { by: 'Ada', reason: 'once more' })).ok).toBe(true);
    expect((await rig.launch()).ran).toEqual({});
  });

  it('refuses what another command has landed meanwhile: nothing lands twice', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    await rig.launch();
    const edges = rig.edges();
    const { git } = edges;
    const applyToWorkspace: typeof git.applyToWorkspace = async (...call) => {
      await land(rig, { mode: 'commit' });
      return git.applyToWorkspace(...call);
    };
    const session = await rig.session({ ...edges, git: { ...git, applyToWorkspace } });
    if (!session.ok) throw new Error(JSON.stringify(session.error));
    expect(codes(await runLand(session.value, { mode: 'commit', by: 'Ada' }))).toEqual(['wave-landed']);
    expect(rig.git('rev-list', '--count', 'HEAD').trim()).toBe('2');
  });

  it('makes one commit with the ledger entry; its revert opens the wave again, served from the store', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    const landed = await land(rig, { mode: 'commit' });
    expect(landed.ok && landed.value.commit).toBe(rig.git('rev-parse', 'HEAD').trim());
    expect(rig.git('status', '--porcelain')).toBe('');
    expect(rig.git('show', '--name-only', '--format=', 'HEAD')).toMatch(
      /wave-1\.ledger\/[0-9A-Z]{26}-wave\.landed\.json/,
    );
    expect((await rig.launch()).ran).toEqual({});

    rig.git('revert', '--no-edit', 'HEAD');
    rigStore(rig).removeStateRoot();
    expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed', landed: false } });
  });

  it('lands on a new branch without touching the working tree', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    const head = rig.git('rev-parse', 'HEAD');
    expect((await land(rig, { mode: 'branch', branch: 'wave-1-landed' })).ok).toBe(true);
    expect(rig.git('rev-parse', 'HEAD')).toBe(head);
    expect(rig.git('status', '--porcelain')).toBe('');
    expect(rig.git('show', 'wave-1-landed:src/A1.txt')).toBe('made by A1\n');
  });

  it('changes nothing on a dry run', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    const before = rig.fingerprint();
    expect((await land(rig, { mode: 'dry-run' })).ok).toBe(true);
    expect(rig.fingerprint()).toBe(before);
  });

  it('names uncommitted changes to a target path and leaves them alone', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    rig.write('src/limit.txt', '3\n\n\n\nmine\n\n\nlast\n');
    const report = await land(rig);
    expect(codes(report)).toEqual(['uncommitted-changes']);
    expect(!report.ok && report.error[0]?.message).toContain('src/limit.txt');
    expect(rig.read('src/limit.txt')).toBe('3\n\n\n\nmine\n\n\nlast\n');
  });

  it('merges onto a base that has moved, and proves again what was not proved', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    rig.write('src/limit.txt', '4\n\n\n\n\n\n\nlast\n');
    rig.git('commit', '-qam', 'the base moves');
    const report = await land(rig);
    expect(report.ok && report.value.provedAgain).toBe(true);
    expect(rig.read('src/limit.txt')).toBe('4\n\n\n\n\n\n\nLAST\n');
  });

  it('refuses to land on a base on which a proof command is red', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    rig.write('src/limit.txt', '9\n\n\n\n\n\n\nlast\n');
    rig.git('commit', '-qam', 'the base breaks the proof');
    expect(codes(await land(rig))).toEqual(['merge-red']);
    expect(rig.read('src/limit.txt')).toBe('9\n\n\n\n\n\n\nlast\n');
  });

  it('refuses a conflict and names the path', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    await rig.launch();
    rig.write('src/limit.txt', '3\n\n\n\n\n\n\nLast!\n');
    rig.git('commit', '-qam', 'the base changes the same line');
    const report = await land(rig);
    expect(codes(report)).toEqual(['merge-conflict']);
    expect(!report.ok && report.error[0]?.message).toContain('src/limit.txt');
  });

  it('names uncommitted files that the wave was closed on, whichever way it is to land, and lands once they are committed', async () => {
    await using rig = createWaveRig({ agents: agents(), files });
    rig.write('src/limit.txt', '3\n\n\n\n\n\n\nlast mine\n');
    await rig.launch();
    for (const mode of ['tree', 'commit', 'branch'] as const) {
      const report = await land(rig, { mode, branch: 'wave-1-landed' });
      expect(codes(report)).toEqual(['uncommitted-ground']);
      expect(!report.ok && report.error[0]).toMatchObject({
        message: expect.stringContaining('src/limit.txt'),
        next: expect.stringMatching(/commit .* land again; or .*git stash -u.* nx run wave-1:launch/),
        facts: { paths: ['src/limit.txt'] },
      });
    }
    rig.git('commit', '-qam', 'mine');
    const landed = await land(rig, { mode: 'commit' });
    expect(landed.ok).toBe(true);
    expect(rig.git('show', 'HEAD:src/limit.txt')).toContain('LAST mine');
  });

  it('commits nothing on uncommitted ground that the wave leaves alone, and what was put aside is no ground', async () => {
    await using rig = createWaveRig({ agents: agents(), files: { ...files, 'src/other.txt': 'x\n' } });
    rig.write('src/other.txt', 'mine\n');
    await rig.launch();
    expect(codes(await land(rig, { mode: 'commit' }))).toEqual(['uncommitted-ground']);
    rig.git('stash', '-q');
    expect((await land(rig, { mode: 'commit' })).ok).toBe(true);
  });
});
