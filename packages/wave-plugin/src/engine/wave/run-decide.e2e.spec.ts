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
});
