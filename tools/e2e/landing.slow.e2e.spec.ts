import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

const limit = 'src/limit.txt';
const agents = () => [
  {
    id: 'A1',
    proofCommands: [`node -e "process.exit(Number(fs.readFileSync('${limit}','utf8')[0]) > 5 ? 1 : 0)"`],
  },
  { id: 'A2', owns: [limit], does: `write('${limit}', read('${limit}').replace('last', 'LAST'))` },
];

/** One clone and one history: each test goes on where the one before has stopped. */
describe('landing in real Nx', () => {
  let clone: WaveWorkspace;
  beforeAll(async () => {
    clone = createWaveWorkspace({ 1: agents() });
    clone.write(limit, '3\n\n\n\n\n\n\nlast\n');
    clone.git('add', '-A');
    clone.git('commit', '-qm', 'the limit');
    const closed = await clone.nx(['run', 'wave-1:launch']);
    if (closed.code !== 0) throw new Error(closed.output);
  });
  afterAll(() => clone.dispose());

  const land = (...args: string[]) => clone.nx(['run', 'wave-1:land', '--by=Ada', ...args]);

  it('changes nothing on a dry run, and says what would change', async () => {
    const before = clone.fingerprint();
    const { code, output } = await land('--dryRun');
    expect(code).toBe(0);
    expect(output).toMatch(/^added {3}src\/A1\.txt$/m);
    expect(output).toContain('wave-1 would land 2 paths; nothing was changed.');
    expect(clone.fingerprint()).toBe(before);
  });

  it('refuses over uncommitted changes to a target path, names it and leaves it alone', async () => {
    const mine = '3\n\n\n\nmine\n\n\nlast\n';
    clone.write(limit, mine);
    const { code, output } = await land();
    expect(code).not.toBe(0);
    expect(output).toMatch(/src\/limit\.txt.*uncommitted-changes|uncommitted-changes.*src\/limit\.txt/);
    expect(clone.read(limit)).toBe(mine);
    clone.git('checkout', '-q', '--', limit);
  });

  it('refuses a conflict with what was committed since, and names the path', async () => {
    clone.write(limit, '3\n\n\n\n\n\n\nfirst\n');
    clone.git('commit', '-qam', 'the same line');
    const { code, output } = await land('--commit');
    expect(code).not.toBe(0);
    expect(output).toMatch(/merge-conflict/);
    expect(output).toContain(limit);
    expect(clone.git('status', '--porcelain')).toBe('');
    clone.git('reset', '-q', '--hard', 'HEAD~1');
  });

  it('lands on a new branch without touching the working tree', async () => {
    const head = clone.git('rev-parse', 'HEAD');
    expect((await land('--branch', 'wave-1-landed')).code).toBe(0);
    expect(clone.git('rev-parse', 'HEAD')).toBe(head);
    expect(clone.git('status', '--porcelain')).toBe('');
    expect(clone.git('show', 'wave-1-landed:src/A1.txt')).toBe('made by A1\n');
  });

  it('proves again on a base that has moved, and lands in one commit with its ledger entry', async () => {
    clone.write(limit, '4\n\n\n\n\n\n\nlast\n');
    clone.git('commit', '-qam', 'the base moves');
    const { code, output } = await land('--commit');
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).toContain('proved again: the base has changed since the launch');
    expect(clone.read(limit)).toBe('4\n\n\n\n\n\n\nLAST\n');
    expect(clone.git('status', '--porcelain')).toBe('');
    expect(clone.git('show', '--name-only', '--format=', 'HEAD')).toMatch(
      /wave-1\.ledger\/[0-9A-Z]{26}-wave\.landed\.json/,
    );
  });

  it('runs no agent once landed, and reports drift', async () => {
    const landed = await clone.nx(['run', 'wave-1:launch']);
    expect(landed.code).toBe(0);
    expect(landed.tasks).toEqual(['wave-1:launch']);
    expect(landed.output).toContain('wave-1 has landed (completed); no agent runs.');
    clone.write('src/A1.txt', 'edited by a person\n');
    const drifted = await clone.nx(['run', 'wave-1:launch']);
    expect(drifted.output).toContain('wave-1 has landed (completed_with_drift); no agent runs.');
    expect(drifted.output).toContain('changed since it landed: src/A1.txt');
    clone.git('checkout', '-q', '--', 'src/A1.txt');
    await clone.nx(['run', 'wave-1:agent-a1']);
    expect(clone.started()).toEqual({ A1: 1, A2: 1 });
  });

  it('is open again after a revert, and served from the store without a second payment', async () => {
    clone.git('revert', '--no-edit', 'HEAD');
    clone.remove('.tmp');
    expect((await clone.nx(['reset'])).code).toBe(0);
    expect((await clone.nx(['run', 'wave-1:launch'])).code).toBe(0);
    expect(clone.closure(1)).toMatchObject({ state: 'closed', landed: false });
    expect(clone.started()).toEqual({ A1: 1, A2: 1 });
  });
});
