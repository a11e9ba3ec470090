import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { damagedObjects } from './damaged-objects';

let root: string;
const env = { PATH: process.env['PATH'], HOME: '/nowhere', GIT_CONFIG_NOSYSTEM: '1' };
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env, encoding: 'utf8' }).trim();
const objects = () => join(root, '.git/objects');

describe.each(['sha1', 'sha256'])('a repository of %s', (format) => {
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-objects-')));
    git('init', '-q', `--object-format=${format}`);
    writeFileSync(join(root, 'a.txt'), 'content');
    git('add', '-A');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('that a person adds to, touches and packs has no damage', () => {
    const [folder = ''] = readdirSync(objects()).filter((name) => name.length === 2);
    const [name = ''] = readdirSync(join(objects(), folder));
    utimesSync(join(objects(), folder, name), new Date(), new Date());
    git('-c', 'user.name=A', '-c', 'user.email=a@b.test', 'commit', '-q', '-m', 'a');
    expect(damagedObjects(objects(), 0)).toEqual([]);
    git('gc', '-q');
    expect(damagedObjects(objects(), 0)).toEqual([]);
  });

  it('has damage where an object or a pack is no longer what it says', () => {
    const id = git('hash-object', '-w', 'a.txt');
    const path = join(objects(), id.slice(0, 2), id.slice(2));
    chmodSync(path, 0o644);
    writeFileSync(path, 'no object');
    expect(damagedObjects(objects(), 0)).toEqual([path]);
    expect(damagedObjects(objects(), Date.now() + 60_000)).toEqual([]);
    const pack = join(objects(), 'pack', 'pack-1.pack');
    writeFileSync(pack, 'PACK of somebody');
    expect(damagedObjects(objects(), 0)).toEqual([path, pack].sort());
  });
});
