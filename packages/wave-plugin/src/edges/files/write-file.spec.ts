import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDurable, writeScratch, writeUnflushed } from './write-file';

describe.each([
  ['writeDurable', writeDurable],
  ['writeUnflushed', writeUnflushed],
  ['writeScratch', writeScratch],
] as const)('%s', (_, write) => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-write-')));
    writeFileSync(join(folder, 'victim'), 'somebody needs this');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('replaces a link, and writes nothing to where it leads', async () => {
    symlinkSync('victim', join(folder, 'record.json'));
    expect(await write(join(folder, 'record.json'), '{}')).toEqual({ ok: true, value: undefined });
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('somebody needs this');
    expect(lstatSync(join(folder, 'record.json')).isFile()).toBe(true);
    expect(readFileSync(join(folder, 'record.json'), 'utf8')).toBe('{}');
  });

  it('replaces a link that leads nowhere', async () => {
    symlinkSync('nothing-here', join(folder, 'record.json'));
    await write(join(folder, 'record.json'), '{}');
    expect(existsSync(join(folder, 'nothing-here'))).toBe(false);
    expect(readFileSync(join(folder, 'record.json'), 'utf8')).toBe('{}');
  });

  it('replaces a file, and makes the folders above it', async () => {
    await write(join(folder, 'a', 'b', 'record.json'), 'one');
    await write(join(folder, 'a', 'b', 'record.json'), 'two');
    expect(readFileSync(join(folder, 'a', 'b', 'record.json'), 'utf8')).toBe('two');
  });
});
