import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSealed, writeSealed } from './sealed-file';

describe('a sealed file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nx-wave-sealed-'));
    path = join(folder, 'data', 'kept-1');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives what was written, in a folder that it makes', () => {
    writeSealed(path, 'one\ntwo\n', 'kept-');
    expect(readSealed(path)).toBe('one\ntwo\n');
    writeSealed(path, '', 'kept-');
    expect(readSealed(path)).toBe('');
    expect(readdirSync(join(folder, 'data'))).toEqual(['kept-1']);
  });

  it('gives nothing once a single byte is another, more or missing', () => {
    writeSealed(path, 'one\ntwo\n', 'kept-');
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 1) {
      const other = Buffer.from(bytes);
      other[at] = (other[at] as number) ^ 1;
      writeFileSync(path, other);
      expect(readSealed(path)).toBeNull();
      writeFileSync(path, bytes.subarray(0, at));
      expect(readSealed(path)).toBeNull();
    }
    writeFileSync(path, Buffer.concat([bytes, Buffer.from(' ')]));
    expect(readSealed(path)).toBeNull();
  });

  it('is nothing where there is no file: nothing, a folder, a pipe that nobody writes to, a link', () => {
    expect(readSealed(path)).toBeNull();
    mkdirSync(path, { recursive: true });
    expect(readSealed(path)).toBeNull();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(readSealed(pipe)).toBeNull();
    const real = join(folder, 'real');
    writeSealed(real, 'one\n', 'kept-');
    symlinkSync(real, join(folder, 'link'));
    expect(readSealed(join(folder, 'link'))).toBeNull();
  });

  it('costs nobody anything where it cannot be written', () => {
    writeFileSync(join(folder, 'data'), 'a file in place of the folder');
    writeSealed(path, 'one\n', 'kept-');
    expect(readFileSync(join(folder, 'data'), 'utf8')).toBe('a file in place of the folder');
    const taken = join(folder, 'taken');
    mkdirSync(join(taken, 'by-a-folder'), { recursive: true });
    writeSealed(taken, 'one\n', 'kept-');
    expect(readdirSync(folder).sort()).toEqual(['data', 'taken']);
  });

  it('has few others of its family beside it, and leaves what is not of the family alone', () => {
    mkdirSync(join(folder, 'data'));
    for (const name of ['kept-2', 'kept-3', 'kept-4', 'kept-5', 'kept-1.9-left-by-a-crash', 'other'])
      writeFileSync(join(folder, 'data', name), '');
    writeSealed(path, 'one\n', 'kept-');
    const names = readdirSync(join(folder, 'data'));
    expect(names.filter((name) => name.startsWith('kept-'))).toHaveLength(4);
    expect(names).toEqual(expect.arrayContaining(['kept-1', 'other']));
    expect(existsSync(path)).toBe(true);
  });
});
