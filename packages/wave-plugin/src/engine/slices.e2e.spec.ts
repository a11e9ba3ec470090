import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeHandoff } from '../core/digest/result-digest';
import { sealBundle } from '../edges/store/bundle';
import { createWaveRig } from '../testing/rig';
import { readHandoff } from './agent-inputs';
import { findProof, readEnvelope } from './slices';

jest.setTimeout(180_000);

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
