import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextFileTime } from '../../testing/file-clock';
import { findChangedSince, rewrittenSince } from './outside-writes';

let folder: string;
const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(at(name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nx-wave-writes-'));
  mkdirSync(at('deep/er'), { recursive: true });
  for (const name of ['a', 'deep/b', 'deep/er/c']) write(name, 'before');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('tells files that were rewritten in place from those that were made', async () => {
  const since = nextFileTime();
  write('deep/b', 'after');
  write('deep/er/new', 'made');
  symlinkSync(at('a'), at('link'));
  expect(statSync(at('deep/b')).birthtimeMs).toBeGreaterThan(0);
  expect(await rewrittenSince(folder, since, 100)).toEqual({ paths: [at('deep/b')], whole: true });
  expect(await findChangedSince([folder], since)).toEqual([at('deep/b'), at('deep/er/new')]);
});

it('says where there were too many files to look at', async () => {
  const since = nextFileTime();
  expect(await rewrittenSince(folder, since, 3)).toEqual({ paths: [], whole: true });
  expect(await rewrittenSince(folder, since, 2)).toEqual({ paths: [], whole: false });
});

it('lets others of this process have their turn, though there is no file among thousands of entries', async () => {
  for (let at = 0; at < 2_100; at += 1) symlinkSync('a', join(folder, `link-${at}`));
  let beats = 0;
  setImmediate(() => (beats += 1));
  await findChangedSince([folder], nextFileTime());
  expect(beats).toBe(1);
});

it('leaves out folders that it is told to, and caches of tools', async () => {
  const since = nextFileTime();
  mkdirSync(at('.cache'));
  for (const name of ['deep/b', 'deep/er/c', '.cache/d']) write(name, 'after');
  expect(await findChangedSince([folder], since, { skip: [at('deep/er')] })).toEqual([at('deep/b')]);
  expect(await findChangedSince([folder], since, { limit: 1 })).toHaveLength(1);
});
