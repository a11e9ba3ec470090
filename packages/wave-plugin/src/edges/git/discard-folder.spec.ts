import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardFolder } from './discard-folder';

describe('discardFolder', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'nx-wave-discard-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('removes what is there, and is content where nothing is', async () => {
    mkdirSync(join(dir, 'home/locked'), { recursive: true, mode: 0o700 });
    writeFileSync(join(dir, 'home/locked/file'), '');
    expect(await discardFolder(join(dir, 'home'))).toBeNull();
    expect(existsSync(join(dir, 'home'))).toBe(false);
    expect(await discardFolder(join(dir, 'home'))).toBeNull();
  });

  it('answers with the path and what to do where the system refuses, and fails nobody', async () => {
    const refused = join(dir, 'x'.repeat(300));
    expect(await discardFolder(refused)).toMatchObject({
      code: 'state-unwritable',
      severity: 'warning',
      message: expect.stringContaining(refused),
      next: expect.stringContaining('chattr'),
    });
  });
});
