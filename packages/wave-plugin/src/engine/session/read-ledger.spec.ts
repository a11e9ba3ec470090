// About readLedger in session.ts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLedger } from './session';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'nx-wave-ledger-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const id = '01J00000000000000000000001';
const waiver = (wave: string) => ({
  ...{ schemaVersion: 1, id, wave, recordedAt: '2026-01-02T03:04:05.000Z', by: 'sam', reason: 'because' },
  ...{ type: 'gate.waived', code: 'cont-qa-blocked', agentId: null },
});

function ledgerOf(files: Record<string, unknown>): string {
  const folder = join(home, 'wave-3.ledger');
  mkdirSync(folder);
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(value));
  return folder;
}

it('an entry of the own wave decides, in whatever lane it was decided', async () => {
  const folder = ledgerOf({ 'one.json': waiver('wave-3'), 'two.json': waiver('beta-wave-3') });
  expect(await readLedger(folder)).toMatchObject({ entries: [{ id }, { id }], warnings: [] });
});

it.each([
  ['an entry of another wave', waiver('wave-9'), 'copied.json was decided for "wave-9" and is not counted.'],
  ['what is no entry', { id }, 'copied.json is no ledger entry and is not counted.'],
])('%s decides nothing, and is named', async (_what, value, message) => {
  const folder = ledgerOf({ 'copied.json': value });
  expect(await readLedger(folder)).toMatchObject({
    entries: [],
    warnings: [{ code: 'ledger-entry-invalid', message, place: { path: join(folder, 'copied.json') } }],
  });
});
