import fs, { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nothingSpent, spendingOf } from '../../core/spending';
import { openSpendingFolder } from './spending-folder';

const usage = (outputTokens: number) => ({ inputTokens: 0, outputTokens, usd: null, estimated: false });

describe('what a run has spent', () => {
  const dir = mkdtempSync(join(tmpdir(), 'spending-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('survives a loss of power as soon as it was told, and its passing time costs no flush', () => {
    const flushed = jest.spyOn(fs, 'fsyncSync');
    const folder = openSpendingFolder(join(dir, 'spending', 'wave-1'));
    const flushes = (tokens: number, ms: number): number => {
      flushed.mockClear();
      folder.record('A1-1-work', spendingOf(usage(tokens), ms));
      return flushed.mock.calls.length;
    };
    // The file and its name, and once the names of the two folders above it.
    expect([flushes(10, 1_000), flushes(10, 2_000), flushes(11, 3_000), flushes(11, 4_000)]).toEqual([
      4, 0, 2, 0,
    ]);
    flushed.mockRestore();
    expect(folder.sum(null)).toEqual(spendingOf(usage(11), 4_000));
    expect(folder.sum('A1-1-work')).toEqual(nothingSpent);
  });
});
