import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { rigStore } from '../../testing/rig-store';
import { readStatus, statusWithUsage } from './read-status';
import type { Session } from '../session/session';
import { verifyWave } from './verify-wave';

async function open(rig: WaveRig): Promise<Session> {
  const session = await rig.session();
  if (!session.ok) throw new Error(session.error.map(({ message }) => message).join('\n'));
  return session.value;
}

async function verify(rig: WaveRig, replay = false) {
  const session = await open(rig);
  const report = await verifyWave(session, { replay });
  return { ...report, codes: report.failures.map(({ code }) => code) };
}

describe('verifyWave', () => {
  it('finds nothing in a closed wave, and names every file that was changed afterwards', async () => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', proofCommands: ['node -e 0'] }, { id: 'A2' }, { id: 'A8' }],
    });
    await rig.launch();
    const clean = await verify(rig, true);
    expect(clean.failures).toEqual([]);
    expect(clean.intact.store).toBe(3);
    expect(clean.intact.attempts).toBeGreaterThanOrEqual(3);
    expect(clean.verdicts.map(({ state }) => state)).toEqual(['replayed', 'replayed']);
    expect(rig.runs()).toEqual({ A1: 1, A2: 1, A8: 1 });

    const status = await readStatus(await open(rig));
    // Programs of the workspace cost nothing, and say so: zero is known, null would be "nobody knows".
    const usage = { inputTokens: 0, outputTokens: 0, usd: 0, estimated: false };
    expect(statusWithUsage(status)).toMatchObject({ phase: 'closed', state: 'closed', usage });

    const launcher = '.tmp/main-wave-launcher';
    const verdict = `${launcher}/gates/wave-1/implementation.json`;
    const good = rig.read(verdict);
    rig.write(verdict, good.replace('"ok":true', '"ok":false'));
    const forged = await verify(rig);
    expect(forged.codes).toEqual(['proof-altered', 'proof-altered']);
    expect(forged.failures[0]?.next).toContain('nx run wave-1:gate-');
    rig.write(verdict, good);

    rig.write(`${launcher}/closure/wave-1.patch`, 'another patch\n');
    expect((await verify(rig)).failures).toMatchObject([
      { code: 'proof-altered', place: { path: `${launcher}/closure/wave-1.patch` } },
    ]);
    rmSync(join(rig.root, launcher), { recursive: true });
    expect((await verify(rig)).failures).toEqual([]);

    rigStore(rig).tamper('changes.patch');
    const tampered = await verify(rig);
    expect(tampered.codes).toEqual(['bundle-invalid', 'bundle-invalid', 'bundle-invalid']);
    expect(tampered.failures[0]?.message).toContain('changes.patch does not have the recorded hash');
    expect(tampered.failures[0]?.place?.path).toContain('nx-wave/proofs/');
  });

  it('finds a verdict that does not follow from its handoffs by replaying it', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    await rig.launch();
    const verdict = join(rig.root, '.tmp/main-wave-launcher/gates/wave-1/implementation.json');
    const text = rig.read('.tmp/main-wave-launcher/gates/wave-1/implementation.json');
    const reason = {
      gate: 'g',
      code: 'c',
      detail: 'd',
      agentIds: [],
      paths: [],
      command: null,
    };
    writeFileSync(verdict, text.replace('"advisories":[]', `"advisories":[${JSON.stringify(reason)}]`));
    rmSync(join(rig.root, '.tmp/main-wave-launcher/closure'), { recursive: true });
    expect((await verify(rig)).failures).toEqual([]);
    expect((await verify(rig, true)).failures).toMatchObject([{ code: 'proof-altered' }]);
  });
});
