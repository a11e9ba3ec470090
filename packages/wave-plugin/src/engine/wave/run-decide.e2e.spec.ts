import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig } from '../../testing/rig';
import { runDecide } from './run-decide';

describe('runDecide', () => {
  it('records a waiver of a code that a gate gives, and refuses any other before it writes', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    const session = await rig.session();
    if (!session.ok) throw new Error('the wave cannot be opened');
    const decide = (waive: string) =>
      runDecide(session.value, { waive, by: 'Ada', reason: 'known and accepted' });

    expect(await decide('cont-qa-bloked')).toMatchObject({
      ok: false,
      error: { code: 'option-invalid', next: 'nx run wave-1:decide --waive cont-qa-blocked' },
    });
    expect(existsSync(join(rig.root, session.value.wave.identity.ledgerDir))).toBe(false);

    const recorded = await decide('cont-qa-blocked');
    expect(recorded.ok ? JSON.parse(rig.read(recorded.value.path)) : recorded).toMatchObject({
      type: 'gate.waived',
      code: 'cont-qa-blocked',
    });
  });

  it('records the last day of a waiver, after which it does not count and every command says so', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    const openAt = async (now: string) => {
      const session = await rig.session(rig.edges({ now: () => new Date(now) }));
      if (!session.ok) throw new Error('the wave cannot be opened');
      return session.value;
    };
    const session = await openAt('2030-01-02T00:00:00Z');
    const decide = (until: string) =>
      runDecide(session, { waive: 'slice-empty', agent: 'A1', until, by: 'Ada', reason: 'known' });
    expect(await decide('2030-01-01')).toMatchObject({
      ok: false,
      error: { code: 'option-invalid', next: expect.stringContaining('--until 2027-01-31') },
    });
    expect(await decide('2030-02-01')).toMatchObject({ ok: true });

    const before = await openAt('2030-02-01T23:00:00Z');
    expect({ counts: before.ledger.length, warnings: before.warnings }).toEqual({ counts: 1, warnings: [] });
    const after = await openAt('2030-02-02T00:00:00Z');
    expect(after.ledger).toEqual([]);
    expect(after.endedWaivers).toMatchObject([{ code: 'slice-empty', until: '2030-02-01' }]);
    expect(after.warnings).toMatchObject([{ code: 'waiver-ended', place: { agentId: 'A1' } }]);
  });
});
