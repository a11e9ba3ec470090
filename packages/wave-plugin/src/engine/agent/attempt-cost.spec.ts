import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFiles } from '../../edges/store/bundle';
import { minutesOf } from './attempt-cost';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nx-wave-cost-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const event = (at: string) =>
  JSON.stringify({ seq: 1, wave: 'wave-1', agentId: 'A1', attempt: 1, type: 'x', at, data: {} });

function minutes(lines: readonly string[]): Promise<number | null> {
  writeFileSync(join(folder, bundleFiles.events), lines.join('\n'));
  return minutesOf({ folder });
}

describe('the minutes of an attempt', () => {
  it.each([
    ['no log', null, []],
    ['one event', null, [event('2026-01-02T03:00:00Z')]],
    ['one event that has a time', null, [event('2026-01-02T03:00:00Z'), event('soon')]],
    [
      'events in any order',
      7.5,
      [event('2026-01-02T03:04:00Z'), event('2026-01-02T03:00:00Z'), event('2026-01-02T03:07:30Z')],
    ],
  ])('of %s are %j', async (_what, expected, lines) => {
    expect(await minutes(lines)).toBe(expected);
  });

  it('are known of a log with more events than a call may have arguments', async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) =>
      event(at === 9 ? '2026-01-02T03:06:00Z' : '2026-01-02T03:00:00Z'),
    );
    expect(await minutes(lines)).toBe(6);
  });
});
