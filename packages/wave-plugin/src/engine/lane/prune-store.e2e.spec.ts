import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, rigWave, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { pruneStore, type PruneReport, type PruneRequest } from './prune-store';

/** Everything that a wave stores is a hundred days old. */
function age(rig: WaveRig): void {
  const then = new Date('2029-09-24T00:00:00Z');
  const roots = [join(rig.root, '.git', 'nx-wave'), join(rig.dir, 'scratch')];
  for (const root of roots)
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      utimesSync(join(root, path), then, then);
}

async function prune(rig: WaveRig, request: Partial<PruneRequest> = {}): Promise<PruneReport> {
  const lane = {
    workspaceRoot: rig.root,
    project: 'waves',
    projectId: null,
    lane: 'main',
    waves: [rigWave],
    include: [],
  };
  const rules = { olderThanDays: 30, maxBytes: null, dryRun: false, ...request };
  const pruned = await pruneStore(lane, rules, rig.edges());
  if (!pruned.ok) throw new Error(pruned.error.message);
  return pruned.value;
}

/** What goes, without the links that checkouts have in common: they are as old as the machine says, not the rig. */
const kinds = ({ remove }: PruneReport) =>
  remove
    .filter(({ path }) => !path.endsWith('/scratch/links'))
    .map(({ kind }) => kind)
    .sort();

describe('pruning what is stored', () => {
  it('leaves what the outputs of a wave refer to, however old it is', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    await rig.launch();
    age(rig);
    const before = rig.fingerprint();
    const links = join(rig.dir, 'scratch', 'links');
    expect(existsSync(links)).toBe(true);
    const report = await prune(rig, { maxBytes: 0 });
    // The memory of a proved tree is neither needed nor named by anything: it costs a test run to make again.
    expect(kinds(report).filter((kind) => kind === 'proof' || kind === 'attempt')).toEqual([]);
    expect(report.failures).toMatchObject([{ code: 'prune-short', severity: 'warning' }]);
    expect(existsSync(links)).toBe(false);
    rigStore(rig).removeStateRoot();
    expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed' } });
    expect(rig.fingerprint()).toBe(before);
  });

  it('takes the old proof of a spec that nothing refers to any more, and keeps the newest attempt', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    await rig.agent('A1');
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: 'Something else.' }));
    await rig.agent('A1');
    // The first view below `results/` is what a new clone or a deleted state root would not have.
    rigStore(rig).removeStateRoot();
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' } });
    age(rig);
    expect(rigStore(rig).proofs()).toHaveLength(2);
    const dry = await prune(rig, { dryRun: true });
    expect(kinds(dry)).toEqual(['attempt', 'proof']);
    expect(rigStore(rig).proofs()).toHaveLength(2);
    expect(await prune(rig)).toMatchObject({ failures: [] });
    expect(rigStore(rig).proofs()).toHaveLength(1);
    expect(readdirSync(join(rig.root, '.git/nx-wave/attempts/wave-1/A1'))).toEqual(['attempt-2']);
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'reused' }, ran: {} });
  });

  it('counts as use what was reused, and what a linked worktree refers to', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    await rig.agent('A1');
    age(rig);
    rigStore(rig).removeStateRoot();
    await rig.agent('A1');
    rigStore(rig).removeStateRoot();
    expect(kinds(await prune(rig))).toEqual([]);
    age(rig);
    rig.git('worktree', 'add', '-q', '--detach', join(rig.dir, 'linked'));
    await rig.agent('A1');
    age(rig);
    renameSync(join(rig.root, '.tmp'), join(rig.dir, 'linked', '.tmp'));
    expect(kinds(await prune(rig))).toEqual([]);
    rig.git('worktree', 'remove', '--force', join(rig.dir, 'linked'));
    expect(kinds(await prune(rig))).toEqual(['proof']);
  });

  it('keeps what a ledger names', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    await rig.agent('A1');
    const [proof = ''] = rigStore(rig).proofs();
    rig.write(
      'docs/plans/waves/wave-1.ledger/x.json',
      JSON.stringify({ proofDigest: proof.split('/').at(-1) }),
    );
    rigStore(rig).removeStateRoot();
    age(rig);
    expect(kinds(await prune(rig))).toEqual([]);
    rig.write('docs/plans/waves/wave-1.ledger/x.json', '{}');
    expect(kinds(await prune(rig))).toEqual(['proof']);
  });

  it('takes folders of crashed runs, not those of living ones', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    await rig.agent('A1');
    const old = join(rig.dir, 'scratch', 'nobody-knows');
    mkdirSync(old);
    writeFileSync(join(old, 'file'), 'left');
    age(rig);
    await prune(rig);
    expect(existsSync(old)).toBe(false);
    expect(readdirSync(join(rig.dir, 'scratch', 'runs'))).toHaveLength(1);
  });
});
