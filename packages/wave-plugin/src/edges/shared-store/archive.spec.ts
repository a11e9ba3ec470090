import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack } from 'tar-stream';
import { packFolder, unpackArchive } from './archive';

let base: string;
beforeEach(async () => void (base = await mkdtemp(join(tmpdir(), 'archive-'))));
afterEach(() => rm(base, { recursive: true, force: true }));

async function write(folder: string, files: Record<string, string | Uint8Array>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(base, folder, name)), { recursive: true });
    await writeFile(join(base, folder, name), content);
  }
  return join(base, folder);
}

const files = {
  'manifest.json': '{}\n',
  'artifacts/a/ü — long.txt': 'x'.repeat(3000),
  [`artifacts/${'deep/'.repeat(30)}name.bin`]: new Uint8Array([0, 255, 13, 10]),
  empty: '',
};

async function packed(folder: string): Promise<Uint8Array> {
  const archive = await packFolder(folder);
  if (!archive.ok) throw new Error(archive.error.message);
  return archive.value;
}

type Entry = { name: string; type?: string; linkname?: string; content?: string };

async function archiveOf(entries: Entry[]): Promise<Uint8Array> {
  const archive = pack();
  for (const { content = '', ...header } of entries) archive.entry(header, Buffer.from(content));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

describe('an archive of the shared store', () => {
  it('gives back the files of a folder, byte for byte', async () => {
    const archive = await packed(await write('from', files));
    expect(await unpackArchive(archive, join(base, 'to'))).toMatchObject({ ok: true });
    for (const [name, content] of Object.entries(files))
      expect(await readFile(join(base, 'to', name))).toEqual(Buffer.from(content as string));
    expect(await packed(join(base, 'to'))).toEqual(archive);
  });

  it('is the same bytes wherever and whenever it is made', async () => {
    const one = await write('one', files);
    const other = await write('other', Object.fromEntries(Object.entries(files).reverse()));
    await utimes(join(other, 'manifest.json'), new Date(1e12), new Date(1e12));
    expect(await packed(one)).toEqual(await packed(other));
  });

  it('holds no links', async () => {
    const folder = await write('from', files);
    await symlink('/etc/passwd', join(folder, 'link'));
    expect(await packFolder(folder)).toMatchObject({ ok: false, error: { code: 'store-object-damaged' } });
  });

  it.each<[string, Entry[]]>([
    ['a path that leads out', [{ name: '../outside', content: 'x' }]],
    ['a path that leads out further in', [{ name: 'a/../../outside', content: 'x' }]],
    ['an absolute path', [{ name: '/outside', content: 'x' }]],
    ['a path with a backslash', [{ name: 'a\\..\\outside', content: 'x' }]],
    ['a symbolic link', [{ name: 'a', type: 'symlink', linkname: '/etc' }]],
    ['a hard link', [{ name: 'a', type: 'link', linkname: '/etc/passwd' }]],
    [
      'a file below a link',
      [
        { name: 'a', type: 'symlink', linkname: base },
        { name: 'a/b', content: 'x' },
      ],
    ],
    ['a device', [{ name: 'a', type: 'character-device' }]],
    [
      'one path twice',
      [
        { name: 'a', content: '1' },
        { name: 'a', content: '2' },
      ],
    ],
    [
      'a file below a file',
      [
        { name: 'a', content: '1' },
        { name: 'a/b', content: '2' },
      ],
    ],
  ])('is refused whole with %s', async (_, entries) => {
    const archive = await archiveOf([{ name: 'good', content: 'x' }, ...entries]);
    const to = join(base, 'to');
    expect(await unpackArchive(archive, to)).toMatchObject({
      ok: false,
      error: { code: 'store-object-damaged' },
    });
    expect(existsSync(to)).toBe(false);
    expect(existsSync(join(base, 'outside'))).toBe(false);
  });

  it('is refused when it holds more than it may', async () => {
    const archive = await packed(await write('from', files));
    const to = join(base, 'to');
    expect(await unpackArchive(archive, to, { files: 3, bytes: 1e6 })).toMatchObject({ ok: false });
    expect(await unpackArchive(archive, to, { files: 9, bytes: 2000 })).toMatchObject({ ok: false });
    expect(await packFolder(join(base, 'from'), { files: 3, bytes: 1e6 })).toMatchObject({ ok: false });
  });

  it('is refused wherever it was cut', async () => {
    const archive = await packed(await write('from', files));
    const to = join(base, 'to');
    for (let end = 0; end < archive.length; end += 256)
      expect([end, (await unpackArchive(archive.subarray(0, end), to)).ok]).toEqual([end, false]);
    expect(await unpackArchive(new Uint8Array(2048).fill(7), to)).toMatchObject({ ok: false });
  });
});
