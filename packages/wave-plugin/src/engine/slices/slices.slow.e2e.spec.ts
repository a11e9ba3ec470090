import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeHandoff } from '../../core/digest/result-digest';
import { sealBundle } from '../../edges/store/bundle';
import { createWaveRig } from '../../testing/rig';
import { readHandoff } from './gate-files';
import { runLand } from '../wave/run-land';
import { runProve } from '../stages/run-prove';
import { findProof, readEnvelope } from './slices';

describe('findProof', () => {
  it('does not use a consistent bundle from a cache that changes more than its agent owns', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1' }, { id: 'A0', owns: ['docs/reviews/wave-1.md'] }],
    });
    await rig.agent('A1');
    const opened = await rig.session();
    if (!opened.ok) throw new Error('the wave cannot be opened');
    const session = opened.value;
    const [agent] = session.wave.agents.filter(({ unitId }) => unitId === 'A1');
    const handoff = await readHandoff(session, 'A1');
    if (!handoff.ok || agent === undefined) throw new Error('A1 is not proven');
    const honest = await findProof(session, handoff.value);
    if (!honest.ok) throw new Error('the honest proof is not found');

    const folder = session.at(session.paths.bundle(9, 'A1'));
    cpSync(honest.value.folder, folder, { recursive: true });
    rmSync(join(folder, 'manifest.json'));
    const { predicate } = honest.value.manifest;
    const envelope = await readEnvelope(honest.value);
    if (envelope === null) throw new Error('the honest bundle has no envelope');
    const changes = [
      ...predicate.changes,
      { path: 'package.json', before: null, after: predicate.changes[0]?.after ?? null },
    ];
    const { artifacts, workKey } = predicate;
    const forged = makeHandoff({ agent, wave: session.wave, workKey, envelope, changes, artifacts });
    const sealed = await sealBundle(folder, {
      ...predicate,
      changes,
      ownership: ['package.json'],
      resultDigest: forged.resultDigest,
    });
    expect(sealed.ok).toBe(true);

    expect(await findProof(session, forged)).toMatchObject({ ok: false, error: { code: 'bundle-missing' } });
    expect(await findProof(session, handoff.value)).toMatchObject({ ok: true });
  });
});

describe('what a gate left for the stages after it', () => {
  interface Listed {
    slices: {
      sliceId: string;
      changes: { path: string; before: unknown; after: unknown }[];
      artifacts: unknown[];
    }[];
  }
  const list = '.tmp/main-wave-launcher/gates/wave-1/implementation/slices.json';
  const artifact = '.tmp/out/report.txt';
  const agents = [
    {
      id: 'A1',
      owns: ['src/A1.txt', artifact],
      does: `write('src/A1.txt', 'made'); write(${JSON.stringify(artifact)}, 'kept');`,
    },
  ];

  it.each<[string, (listed: Listed) => void]>([
    [
      'another path',
      ({ slices: [one] }) =>
        one?.changes.push({ path: 'package.json', before: null, after: one.changes[0]?.after }),
    ],
    [
      'a slice of nobody',
      ({ slices }) => slices.push({ ...slices[0], sliceId: 'A7' } as Listed['slices'][0]),
    ],
    ['a change less', ({ slices: [one] }) => void one?.changes.pop()],
    ['an artifact less', ({ slices: [one] }) => void one?.artifacts.pop()],
  ])('is not used once somebody has put %s into it', async (_, alter) => {
    await using rig = createWaveRig({ agents });
    expect(await rig.launch()).toMatchObject({ closure: { state: 'closed' } });
    const listed = JSON.parse(rig.read(list)) as Listed;
    alter(listed);
    rig.write(list, JSON.stringify(listed));
    const edges = rig.edges();
    const session = await rig.session(edges);
    if (!session.ok) throw new Error('the wave cannot be opened');
    expect(await runProve(session.value)).toMatchObject({
      ok: false,
      error: [{ code: 'proof-altered' }],
    });
    const landed = await runLand(session.value, { mode: 'tree', by: 'Ada' });
    expect(landed.ok).toBe(false);
    expect(rig.git('status', '--porcelain')).toBe('');
  });

  it('is not used with another artifact in place of the judged one', async () => {
    await using rig = createWaveRig({ agents: [...agents, { id: 'A8', reads: [artifact] }] });
    await rig.launch();
    rig.write(`.tmp/main-wave-launcher/gates/wave-1/implementation/artifacts/A1/${artifact}`, 'planted');
    rig.edit(({ A8 }) => Object.assign(A8 ?? {}, { prompt: 'Once more.' }));
    expect(await rig.agent('A8')).toMatchObject({ failures: [{ code: 'proof-altered' }], ran: {} });
  });
});
