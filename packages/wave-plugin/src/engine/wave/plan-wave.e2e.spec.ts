import { createWaveRig, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { planLines, type PlannedUnit } from '../../core/views/plan';
import { planWave } from './plan-wave';
import { readStatus } from './read-status';

async function planOf(rig: WaveRig) {
  const edges = rig.edges();
  const session = await rig.session(edges);
  if (!session.ok) throw new Error(session.error.map(({ message }) => message).join('\n'));
  const planned = await planWave(session.value);
  if (!planned.ok) throw new Error(planned.error.message);
  const units = Object.fromEntries(planned.value.plan.units.map((unit) => [unit.unitId, unit]));
  return {
    ...planned.value,
    units: units as Record<string, PlannedUnit>,
    lines: planLines(planned.value.plan),
  };
}

describe('planWave', () => {
  it('says that git does not ignore the folder that runs write to', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    expect((await planOf(rig)).plan.warnings.map(({ code }) => code)).not.toContain('state-root-not-ignored');
    rig.write('.gitignore', '');
    const [warning] = (await planOf(rig)).plan.warnings;
    expect(warning).toMatchObject({
      code: 'state-root-not-ignored',
      next: 'Add the line /.tmp to .gitignore.',
    });
  });

  it.each([
    ['digest', 'reuse', 'reused'],
    ['reprove', 'verify', 'proven'],
  ] as const)(
    'foretells what a task does with what Nx restored, under the trust %s',
    async (trust, action, ends) => {
      await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
      await rig.agent('A1');
      rigStore(rig).removeProofs();
      rigStore(rig).removeAttempts();
      rig.configure({ trust });
      const restored = { origin: 'nx-cache', provedHere: false };
      expect((await planOf(rig)).units['A1']).toMatchObject({ action, from: restored });
      const ran = await rig.agent('A1');
      expect(ran).toMatchObject({ tasks: { 'agent-a1': ends }, ran: {} });
      expect(ran.lines.join('\n')).toContain('from: Nx cache');
      const told = { ...restored, provedHere: trust === 'reprove' };
      const { units, lines } = await planOf(rig);
      expect(units['A1']).toMatchObject({ action: 'reuse', from: told });
      expect(lines.join('\n')).toContain(told.provedHere ? ' Nx cache, proved here ' : ' Nx cache ');
    },
  );

  it('tells work of the shared store from work of this machine, also once it was proved here', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1' }, { id: 'A2' }],
      config: { store: { path: '../shared', repository: 'rig' } },
    });
    await rig.launch();
    const sources = async () => {
      const { units } = await planOf(rig);
      return Object.values(units).map(({ action, from }) => [action, from?.origin, from?.provedHere]);
    };
    expect(await sources()).toEqual([
      ['reuse', 'this-machine', true],
      ['reuse', 'this-machine', true],
    ]);
    rigStore(rig).removeStateRoot();
    rigStore(rig).removeProofs();
    rigStore(rig).removeAttempts();
    expect((await planOf(rig)).lines.join('\n')).toMatch(
      /the Nx cache and the shared store \S+ hold is not asked/,
    );
    expect(await rig.launch()).toMatchObject({ ran: {}, closure: { state: 'closed' } });
    expect(await sources()).toEqual([
      ['reuse', 'shared-store', true],
      ['reuse', 'shared-store', true],
    ]);
    // Other rules ask for another proof of the same work: who made it is still known.
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { proofCommands: ['node -e 0'] }));
    expect((await rig.launch()).failures).toEqual([]);
    expect((await sources())[0]).toEqual(['reuse', 'shared-store', true]);
    const session = await rig.session();
    const status = session.ok ? await readStatus(session.value) : null;
    expect(status?.sources).toEqual([
      { unitId: 'A1', origin: 'shared-store', provedHere: true },
      { unitId: 'A2', origin: 'shared-store', provedHere: true },
    ]);
  });

  it('says what would run, and what changed since, without starting anything', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', reads: ['docs/guide.md'] }, { id: 'A2', dependsOn: ['A1'] }, { id: 'A8' }],
      files: { 'docs/guide.md': 'Be brief.\n' },
    });
    const before = rig.fingerprint();
    const first = await planOf(rig);
    expect(first.units['A1']).toMatchObject({
      action: 'run',
      why: 'never ran here',
      changed: [],
      attempts: 0,
    });
    expect(first.units['A1']?.command).toMatchObject({ command: 'node', args: ['agents/A1.mjs'] });
    expect(first.units['A2']).toMatchObject({ action: 'wait', dependsOn: 'agent-a1' });
    expect(first.units['A8']).toMatchObject({
      action: 'wait',
      dependsOn: 'gate-implementation',
      workKey: null,
    });
    expect(rig.read(first.units['A1']?.prompt ?? '')).toContain('Do the work of A1.');
    expect([rig.runs(), rig.fingerprint()]).toEqual([{}, before]);

    expect((await rig.launch()).closure?.state).toBe('closed');
    const kept = await planOf(rig);
    expect(Object.values(kept.units).map(({ action }) => action)).toEqual(['reuse', 'reuse', 'reuse']);
    expect(kept.lines.at(-1)).toBe('Estimate: nothing has to be paid');

    rig.write('docs/guide.md', 'Be long.\n');
    const changed = await planOf(rig);
    expect(changed.units['A1']).toMatchObject({
      action: 'run',
      why: 'its inputs changed since wave-1/A1/attempt-1',
      since: 'wave-1/A1/attempt-1',
      changed: [{ name: 'context:docs/guide.md', change: 'changed' }],
    });
    expect(changed.lines.join('\n')).toContain('changed since wave-1/A1/attempt-1: docs/guide.md');
    expect(changed.units['A2']).toMatchObject({ action: 'wait', dependsOn: 'agent-a1', changed: [] });
    rig.write('docs/guide.md', 'Be brief.\n');
    expect((await planOf(rig)).units['A1']?.action).toBe('reuse');
  });

  it('tells a change of the work from a change of what is asked of it', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }, { id: 'A2' }] });
    await rig.launch();
    rig.edit(({ A1, A2 }) => {
      if (A1) A1.proofCommands = ['node -e 0'];
      if (A2) A2.prompt = 'Do it differently.';
    });
    const { units } = await planOf(rig);
    expect(units['A1']).toMatchObject({
      action: 'verify',
      changed: [{ name: 'acceptance.proofCommands', change: 'changed' }],
    });
    expect(units['A2']).toMatchObject({
      action: 'run',
      changed: [{ name: 'work.prompt', change: 'changed' }],
    });
  });

  it('needs no program of any executor, and names the ones that are missing', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', command: null, executor: [] }, { id: 'A2' }],
      config: { executors: { default: 'codex' } },
    });
    rig.edit(({ A1 }) => {
      if (A1) A1.executor = [];
    });
    rig.write(
      'docs/plans/waves/wave-1.md',
      rig.read('docs/plans/waves/wave-1.md').replace('- id: local', '- id: codex'),
    );
    const { units, lines } = await planOf(rig);
    expect(units['A1']?.executor).toMatchObject({ id: 'codex', available: false });
    // Like a launch: the folders that it may write to, and the schema of its own role.
    expect(units['A1']?.command?.args).toEqual(
      expect.arrayContaining(['--cd=/checkout', '--add-dir=/temp', '--add-dir=/nx/cache']),
    );
    expect(lines).toContain('  codex (for A1) is not on PATH');
  });

  it('says why an agent may not run', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }], config: { run: 'never' } });
    const { units } = await planOf(rig);
    expect(units['A1']).toMatchObject({ action: 'refused', problems: [{ code: 'proof-required' }] });
  });
});
