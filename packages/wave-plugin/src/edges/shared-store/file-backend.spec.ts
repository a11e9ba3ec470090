import { promises as fs } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBackend, type BackendRig, type Fault } from '../../testing/backend-conformance';
import { openFileBackend, type FileCalls } from './file-backend';

const bytes = (text: string) => new TextEncoder().encode(text);
const systemError = (code: string) => Object.assign(new Error(code), { code });

/** A folder whose file system does to the next call what network file systems do. */
async function startFolder(): Promise<BackendRig> {
  const base = await mkdtemp(join(tmpdir(), 'shared-'));
  const folder = join(base, 'store');
  let next: Fault | null = null;
  let calls = 0;
  const seen = new Map<string, string[]>();
  const take = (...faults: Fault[]) => {
    const found = faults.find((one) => one === next) ?? null;
    if (found !== null) next = null;
    return found;
  };
  const broken: FileCalls = {
    async names(path) {
      calls += 1;
      const fault = take('throttled', 'expired', 'silent', 'stale');
      if (fault === 'throttled') throw systemError('EAGAIN');
      if (fault === 'expired') throw systemError('EACCES');
      if (fault === 'silent') return new Promise(() => undefined);
      const before = seen.get(path) ?? [];
      const now = await fs.readdir(path);
      if (fault === 'stale') return before;
      seen.set(path, now);
      return now;
    },
    async link(from, to) {
      const fault = take('lost', 'doubled', 'cut-short');
      if (fault === 'cut-short') throw systemError('EIO');
      await fs.link(from, to);
      if (fault === 'lost') throw systemError('EIO');
      if (fault === 'doubled') await fs.link(from, to);
    },
    async content(file) {
      const body = await file.readFile();
      return take('cut-short') === null ? body : body.subarray(0, body.length / 2);
    },
  };
  return {
    open: async () => openFileBackend(folder, broken),
    breakNext: (fault) => void (next = fault),
    calls: () => calls,
    secrets: [],
    close: () => rm(base, { recursive: true, force: true }),
  };
}

describeBackend('a folder as shared store', startFolder);

describe('a folder as shared store', () => {
  let base: string;
  let folder: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'shared-'));
    folder = join(base, 'store');
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it('keeps every version as a file, and no drafts', async () => {
    const store = openFileBackend(folder);
    await store.putIfAbsent('claims/a', bytes('1'));
    await store.replaceIfMatch('claims/a', bytes('2'), { tag: 'v1' });
    await store.putIfAbsent('claims/a', bytes('3'));
    expect(await fs.readdir(join(folder, 'claims', 'a'))).toEqual(['v1', 'v2']);
    expect(await fs.readdir(join(folder, '.drafts'))).toEqual([]);
  });

  it('is not overwritten on the word of a listing that is out of date', async () => {
    const store = openFileBackend(folder);
    await store.putIfAbsent('claims/a', bytes('1'));
    await store.replaceIfMatch('claims/a', bytes('2'), { tag: 'v1' });
    const late = openFileBackend(folder, {
      link: fs.link,
      names: async () => ['v1'],
      content: (file) => file.readFile(),
    });
    expect(await late.replaceIfMatch('claims/a', bytes('3'), { tag: 'v1' })).toEqual({ answer: 'changed' });
    expect(await late.putIfAbsent('claims/a', bytes('3'))).toEqual({ answer: 'changed' });
  });

  it.each(['v0', 'v01', '*', '', 'v1/../v1', 'v2'])('has no version %j', async (tag) => {
    const store = openFileBackend(folder);
    await store.putIfAbsent('claims/a', bytes('1'));
    expect(await store.replaceIfMatch('claims/a', bytes('2'), { tag })).toEqual({ answer: 'changed' });
  });

  it('is not taken for empty when it was unmounted', async () => {
    const store = openFileBackend(folder);
    await store.putIfAbsent('claims/a', bytes('1'));
    await fs.rename(folder, join(base, 'away'));
    const gone = { answer: 'unknown', trouble: { kind: 'unreachable' } };
    expect(await store.get('claims/a')).toMatchObject(gone);
    await fs.mkdir(folder);
    expect(await store.get('claims/a')).toMatchObject(gone);
    expect(await store.putIfAbsent('claims/a', bytes('2'))).toMatchObject(gone);
  });

  it('reads no link that somebody put in the place of an object', async () => {
    const store = openFileBackend(folder);
    await fs.mkdir(join(folder, 'claims', 'a'), { recursive: true });
    await fs.writeFile(join(base, 'secret'), 'secret');
    await fs.symlink(join(base, 'secret'), join(folder, 'claims', 'a', 'v1'));
    expect(await store.get('claims/a')).toMatchObject({ answer: 'unknown' });
  });

  it('lists no bundles that earlier versions kept in the same folder', async () => {
    const store = openFileBackend(folder);
    const earlier = join(folder, 'ab', 'ab12', 'cd34');
    await fs.mkdir(earlier, { recursive: true });
    await fs.writeFile(join(earlier, 'manifest.json'), '{}');
    await store.putIfAbsent('_about.json', bytes('1'));
    await store.putIfAbsent('claims/a', bytes('1'));
    expect(await store.list('')).toEqual({ answer: 'done', keys: ['_about.json', 'claims/a'] });
  });
});
