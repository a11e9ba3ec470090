// Tests edges/files/flush.ts, at-once.ts, copy-folder.ts and write-file.ts: what of them is there after a loss of power.
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { writeFile } from './at-once';
import { moveIntoPlace } from './copy-folder';
import { makeDurableFolder } from './flush';
import { checkWritable, writeNew } from './write-file';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flush-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

/** Paths that are flushed while something runs, relative to the folder of the test. */
async function flushedBy(run: () => Promise<unknown>): Promise<string[]> {
  const flushed: string[] = [];
  const opened = new Map<number, string>();
  const { openSync, fsyncSync } = fs;
  jest.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
    const file = openSync(path, ...rest);
    opened.set(file, relative(dir, String(path)));
    return file;
  });
  jest.spyOn(fs, 'fsyncSync').mockImplementation((file) => {
    fsyncSync(file);
    flushed.push(opened.get(file) ?? '?');
  });
  await run();
  return flushed;
}

describe('a folder that is made for good', () => {
  it('has its name flushed, and so have those above it that are new', async () => {
    mkdirSync(join(dir, 'old'));
    const path = join(dir, 'old/new/newer');
    expect(await flushedBy(() => makeDurableFolder(path))).toEqual(['old/new', 'old']);
    expect(await flushedBy(() => makeDurableFolder(path))).toEqual([]);
  });

  it('is what a writable place is made as', async () => {
    expect(await flushedBy(() => checkWritable(join(dir, 'store')))).toEqual(['']);
  });
});

describe('a folder that is moved to its final name', () => {
  it('is flushed with everything below it before, and its name afterwards', async () => {
    mkdirSync(join(dir, 'draft/deep/er'), { recursive: true });
    writeFileSync(join(dir, 'draft/deep/er/file'), 'text');
    const flushed = await flushedBy(() => moveIntoPlace(join(dir, 'draft'), join(dir, 'store/key')));
    expect(flushed).toEqual(['draft/deep/er/file', 'draft/deep/er', 'draft/deep', 'draft', '', 'store']);
    expect(existsSync(join(dir, 'store/key/deep/er/file'))).toBe(true);
  });
});

describe('a file that is written with `flush`', () => {
  it.each([
    ['a text', 'text', 'utf8'],
    ['a text of another encoding', 'text', 'utf16le'],
    ['bytes', new Uint8Array([1, 2]), 'utf8'],
  ] as const)('is on the device: %s', async (_, data, encoding) => {
    const path = join(dir, 'journal.json');
    expect(await flushedBy(() => writeFile(path, data, { flush: true, encoding }))).toEqual(['journal.json']);
    const bytes = typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(data);
    expect(readFileSync(path)).toEqual(bytes);
    jest.restoreAllMocks();
    expect(await flushedBy(() => writeFile(path, data, { encoding }))).toEqual([]);
  });
});

describe('a new file among those of a person', () => {
  it('has no draft beside it, and its name is flushed', async () => {
    mkdirSync(join(dir, 'ledger'));
    const seen: string[] = [];
    const { renameSync } = fs;
    jest.spyOn(fs, 'renameSync').mockImplementation((...call) => {
      seen.push(...readdirSync(join(dir, 'ledger')));
      renameSync(...call);
    });
    const flushed = await flushedBy(() => writeNew(join(dir, 'ledger/1.json'), '{}', join(dir, 'aside')));
    expect(seen).toEqual([]);
    expect(readdirSync(join(dir, 'ledger'))).toEqual(['1.json']);
    expect(readdirSync(join(dir, 'aside'))).toEqual([]);
    expect(flushed).toEqual([expect.stringMatching(/^aside./), 'ledger']);
  });
});
