import { spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { type LandRequest, type Landing } from './land-contracts';
import { type Repository } from './contracts';
import { type Result, sha256 } from '@nx-wave/schemas/plain';
import { currentOwner } from '../lease/owner';
import { type RepoRig, type TestFiles, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

const start: TestFiles = {
  'keep.txt': 'keep\n',
  'edit.txt': 'one\ntwo\nthree\nfour\nfive\nsix\n',
  'gone/away.txt': 'away\n',
  'tool.sh': 'echo\n',
  'folder/inside.txt': 'inside\n',
};
const wave = (dir: string): void => {
  writeFiles(dir, {
    'edit.txt': 'one\ntwo\nthree\nfour\nfive\nSIX\n',
    'new/deep/é file.bin': new Uint8Array([0, 255, 1]),
    'tool.sh': { run: 'echo\n' },
    link: { link: 'keep.txt' },
    empty: '',
  });
  rmSync(join(dir, 'gone/away.txt'));
  rmSync(join(dir, 'folder'), { recursive: true });
  writeFileSync(join(dir, 'folder'), 'now a file\n');
};
const touched = [
  'edit.txt',
  'empty',
  'folder',
  'folder/inside.txt',
  'gone/away.txt',
  'link',
  'new/deep/é file.bin',
  'tool.sh',
];

interface Ready {
  repo: Repository;
  request: LandRequest;
  land(more?: Partial<LandRequest>): Promise<Result<Landing>>;
}

/** A wave's changes, made in a checkout, ready to land. */
async function ready(change = wave): Promise<Ready> {
  const { repo, checkout } = await rig.checkout();
  change(checkout.workspaceDir);
  const { changes, packFile } = must(await rig.collect(checkout));
  const request: LandRequest = { changes, packFile, mode: 'tree' };
  let count = 0;
  const land = (more: Partial<LandRequest> = {}) =>
    rig.edge.applyToWorkspace(repo, { ...request, ...more }, join(rig.dir, `land-${(count += 1)}`));
  return { repo, request, land };
}

/** Every file of the working tree with kind, mode and content. */
function tree(root = rig.root): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (path === '.git') continue;
      if (entry.isDirectory()) visit(path);
      else
        found[path] = entry.isSymbolicLink()
          ? 'link'
          : `${(lstatSync(join(root, path)).mode & 0o777).toString(8)} ${readFileSync(join(root, path)).toString('hex')}`;
    }
  };
  visit('');
  return found;
}

describe('landing in the working tree', () => {
  it('writes every kind of change and leaves index, HEAD and everything else alone', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    const index = readFileSync(join(rig.root, '.git/index'));
    const landed = must(await land());
    expect(landed.commit).toBeNull();
    expect(landed.written).toEqual(touched);
    expect(readFileSync(join(rig.root, 'folder'), 'utf8')).toBe('now a file\n');
    expect(statSync(join(rig.root, 'tool.sh')).mode & 0o111).not.toBe(0);
    expect(existsSync(join(rig.root, 'gone'))).toBe(false);
    expect(readFileSync(join(rig.root, '.git/index')).equals(index)).toBe(true);
    expect(existsSync(join(rig.root, '.git/index.lock'))).toBe(false);
    expect(readdirSync(join(rig.root, '.git/nx-wave'))).toEqual([]);
    expect(rig.git('rev-list', '--count', 'HEAD').trim()).toBe('1');
  });

  it('is done already when it is landed a second time, and can then be committed', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    must(await land());
    expect(must(await land()).written).toEqual([]);
    const committed = must(await land({ mode: 'commit', message: 'feat: land' }));
    expect(committed.written).toEqual([]);
    expect(rig.git('status', '--porcelain')).toBe('');
    expect(must(await land({ mode: 'commit' })).commit).toBeNull();
  });

  it('merges with what was committed since, line by line', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    rig.write({ 'edit.txt': 'ONE\ntwo\nthree\nfour\nfive\nsix\n' });
    rig.git('commit', '-qam', 'second');
    must(await land());
    expect(readFileSync(join(rig.root, 'edit.txt'), 'utf8')).toBe('ONE\ntwo\nthree\nfour\nfive\nSIX\n');
  });

  it('names the paths of a conflict and changes nothing', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    rig.write({ 'edit.txt': 'one\ntwo\nthree\nfour\nfive\nsechs\n' });
    rig.git('commit', '-qam', 'second');
    const before = tree();
    expect(await land()).toMatchObject({
      ok: false,
      error: { code: 'merge-conflict', facts: { paths: ['edit.txt'] } },
    });
    expect(tree()).toEqual(before);
  });

  it.each<[string, (dir: string) => void, string[]]>([
    ['an edited file', (dir) => writeFiles(dir, { 'edit.txt': 'mine\n' }), ['edit.txt']],
    ['a deleted file', (dir) => rmSync(join(dir, 'edit.txt')), ['edit.txt']],
    ['a changed mode', (dir) => chmodSync(join(dir, 'edit.txt'), 0o755), ['edit.txt']],
    ['an untracked file at a new path', (dir) => writeFiles(dir, { empty: 'mine' }), ['empty']],
    [
      'an edited file that is to vanish',
      (dir) => writeFiles(dir, { 'gone/away.txt': 'mine' }),
      ['gone/away.txt'],
    ],
    [
      'an untracked file in a folder that becomes a file',
      (dir) => writeFiles(dir, { 'folder/my.txt': 'x' }),
      ['folder/my.txt'],
    ],
    ['a file where a folder is needed', (dir) => writeFiles(dir, { new: 'x' }), ['new']],
    [
      'a staged edit',
      (dir) => {
        writeFiles(dir, { 'edit.txt': 'mine\n' });
        rig.git('add', 'edit.txt');
        writeFiles(dir, { 'edit.txt': 'one\ntwo\nthree\nfour\nfive\nsix\n' });
      },
      ['edit.txt'],
    ],
    [
      'an edit that the index hides',
      (dir) => {
        rig.git('update-index', '--assume-unchanged', 'edit.txt');
        writeFiles(dir, { 'edit.txt': 'mine\n' });
      },
      ['edit.txt'],
    ],
  ])('refuses to touch %s and names it', async (_, edit, paths) => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    edit(rig.root);
    const before = [tree(), rig.git('status', '--porcelain'), rig.git('ls-files', '-v')];
    for (const mode of ['dry-run', 'tree', 'commit'] as const)
      expect(await land({ mode })).toMatchObject({
        ok: false,
        error: { code: 'uncommitted-changes', facts: { paths } },
      });
    expect([tree(), rig.git('status', '--porcelain'), rig.git('ls-files', '-v')]).toEqual(before);
  });

  it('reports what a dry run would write, and writes nothing', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    const before = [tree(), rig.fingerprint()];
    expect(must(await land({ mode: 'dry-run' })).written).toEqual(touched);
    expect([tree(), rig.fingerprint()]).toEqual(before);
  });

  it('applies the line endings that the user has chosen', async () => {
    rig = makeRepoRig({ ...start, '.gitattributes': '*.txt eol=crlf\n' });
    const { land } = await ready((dir) => writeFiles(dir, { 'fresh.txt': 'a\nb\n' }));
    must(await land());
    expect(readFileSync(join(rig.root, 'fresh.txt'), 'utf8')).toBe('a\r\nb\r\n');
    expect(must(await land()).written).toEqual([]);
  });
});

describe('landing as a commit', () => {
  it('makes one commit with the extra files and keeps unrelated staged and unstaged work as it is', async () => {
    rig = makeRepoRig({ ...start, 'staged.txt': 's\n', 'loose.txt': 'l\n' });
    const { land } = await ready();
    rig.write({ 'staged.txt': 'S\n', 'loose.txt': 'L\n', 'untracked.txt': 'u\n' });
    rig.git('add', 'staged.txt');
    const landed = must(
      await land({
        mode: 'commit',
        message: 'feat: a wave\n\nbody',
        extraFiles: (changes) => [{ path: 'docs/ledger/1.json', content: JSON.stringify(changes.length) }],
      }),
    );
    expect(landed.changes.map((c) => c.path)).toEqual(touched);
    expect(rig.git('log', '-1', '--format=%H %an %s|%b').trim()).toBe(
      `${landed.commit} Ada feat: a wave|body`,
    );
    expect(
      rig
        .git('diff-tree', '--no-commit-id', '--name-only', '-r', '-z', 'HEAD')
        .split('\0')
        .filter(Boolean)
        .sort(),
    ).toEqual([...touched, 'docs/ledger/1.json'].sort());
    expect(rig.git('status', '--porcelain')).toBe(' M loose.txt\nM  staged.txt\n?? untracked.txt\n');
    expect(readFileSync(join(rig.root, 'docs/ledger/1.json'), 'utf8')).toBe('8');
    expect(rig.git('fsck', '--strict')).not.toContain('error');
  });

  it('has its index on the device before the journal is gone that would complete it', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    const seen: string[] = [];
    const opened = new Map<number, string>();
    const at = (path: unknown) => relative(join(rig.root, '.git'), String(path));
    const { openSync, fsyncSync, renameSync: moveNow, rmSync: removeNow } = fs;
    jest.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
      const file = openSync(path, ...rest);
      opened.set(file, at(path));
      return file;
    });
    jest.spyOn(fs, 'fsyncSync').mockImplementation((file) => {
      fsyncSync(file);
      seen.push(`flush ${opened.get(file)}`);
    });
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      moveNow(from, to);
      seen.push(`move to ${at(to)}`);
    });
    jest.spyOn(fs, 'rmSync').mockImplementation((path, options) => {
      removeNow(path, options);
      seen.push(`remove ${at(path)}`);
    });
    must(await land({ mode: 'commit', message: 'm' }));
    jest.restoreAllMocks();
    const ends = ['move to index', 'flush ', 'remove nx-wave/landing/journal.json'];
    expect(seen.slice(seen.indexOf('move to index')).filter((one) => ends.includes(one))).toEqual(ends);
  });

  it('can be reverted, and landed again after that', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    const before = tree();
    must(await land({ mode: 'commit' }));
    rig.git('revert', '--no-edit', 'HEAD');
    expect(tree()).toEqual(before);
    must(await land({ mode: 'commit' }));
    expect(readFileSync(join(rig.root, 'folder'), 'utf8')).toBe('now a file\n');
  });

  it('takes everything back when the last step fails', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    rig.write({ 'keep.txt': 'staged\n' });
    rig.git('add', 'keep.txt');
    const hook = join(rig.root, '.git/hooks/reference-transaction');
    writeFileSync(hook, '#!/bin/sh\necho "refs are frozen" >&2\nexit 1\n', { mode: 0o755 });
    const before = [
      tree(),
      readFileSync(join(rig.root, '.git/index')).toString('hex'),
      rig.git('rev-parse', 'HEAD'),
    ];
    const landed = await land({ mode: 'commit' });
    expect(landed).toMatchObject({ ok: false, error: { code: 'landing-failed' } });
    expect(landed.ok ? '' : landed.error.message).toContain('as it was');
    expect([
      tree(),
      readFileSync(join(rig.root, '.git/index')).toString('hex'),
      rig.git('rev-parse', 'HEAD'),
    ]).toEqual(before);
    expect(existsSync(join(rig.root, '.git/index.lock'))).toBe(false);
    rmSync(hook);
    must(await land({ mode: 'commit' }));
  });

  it.each([
    [
      'a merge is not finished',
      () => writeFileSync(join(rig.root, '.git/MERGE_HEAD'), rig.git('rev-parse', 'HEAD')),
    ],
    ['another process holds the index', () => writeFileSync(join(rig.root, '.git/index.lock'), '')],
    ['a rebase is not finished', () => mkdirSync(join(rig.root, '.git/rebase-merge'))],
  ])('refuses while %s', async (_, spoil) => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    spoil();
    const before = tree();
    expect(await land({ mode: 'commit' })).toMatchObject({
      ok: false,
      error: { code: 'operation-in-progress' },
    });
    expect(tree()).toEqual(before);
  });

  it('works in a linked worktree and in a workspace below the top', async () => {
    rig = makeRepoRig({ 'ws/a.txt': 'a\n', 'other/b.txt': 'b\n' });
    const linked = join(rig.dir, 'linked');
    rig.git('worktree', 'add', '-q', '-b', 'side', linked);
    const repo = await rig.open(join(linked, 'ws'));
    const { checkout } = await rig.checkout({ repo });
    writeFiles(checkout.workspaceDir, { 'a.txt': 'A\n', 'sub/c.txt': 'c\n' });
    const { changes, packFile } = must(await rig.collect(checkout));
    expect(changes.map((c) => c.path)).toEqual(['a.txt', 'sub/c.txt']);
    const landed = must(
      await rig.edge.applyToWorkspace(
        repo,
        {
          changes,
          packFile,
          mode: 'commit',
          message: 'm',
          extraFiles: () => [{ path: 'l.json', content: '1' }],
        },
        join(rig.dir, 'land'),
      ),
    );
    expect(landed.written).toEqual(['a.txt', 'l.json', 'sub/c.txt']);
    expect(rig.gitIn(linked, 'status', '--porcelain')).toBe('');
    expect(rig.gitIn(linked, 'show', 'HEAD:ws/l.json')).toBe('1');
    expect(rig.git('status', '--porcelain')).toBe('');
  });
});

describe('landing on a branch', () => {
  it('makes the branch and touches neither index nor working tree nor HEAD', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    rig.write({ 'edit.txt': 'my own edit\n' });
    const before = [
      tree(),
      readFileSync(join(rig.root, '.git/index')).toString('hex'),
      rig.git('rev-parse', 'HEAD'),
    ];
    const landed = must(await land({ mode: 'branch', branch: 'wave/3', message: 'm' }));
    expect([
      tree(),
      readFileSync(join(rig.root, '.git/index')).toString('hex'),
      rig.git('rev-parse', 'HEAD'),
    ]).toEqual(before);
    expect(rig.git('rev-parse', 'wave/3').trim()).toBe(landed.commit);
    expect(rig.git('rev-parse', 'wave/3^{tree}').trim()).toBe(landed.tree);
    expect(await land({ mode: 'branch', branch: 'wave/3' })).toMatchObject({
      ok: false,
      error: { code: 'branch-exists' },
    });
    expect(await land({ mode: 'branch', branch: '-x..' })).toMatchObject({
      ok: false,
      error: { code: 'branch-exists' },
    });
  });
});

describe('landing that fails on the way', () => {
  /** Runs as a user to whom permissions mean something, also where the tests run as root. */
  async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
    if (process.getuid?.() !== 0) return work();
    const all = (path: string) => {
      chownSync(path, 65534, 65534);
      if (lstatSync(path).isDirectory())
        for (const name of readdirSync(path))
          if (!lstatSync(join(path, name)).isSymbolicLink()) all(join(path, name));
    };
    all(rig.dir);
    process.seteuid?.(65534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  it('restores every file when a folder in the middle is read-only', async () => {
    rig = makeRepoRig({ ...start, 'locked/z.txt': 'z\n', 'a.txt': 'a\n' });
    const { land } = await ready((dir) => {
      wave(dir);
      writeFiles(dir, { 'locked/z.txt': 'Z\n', 'a.txt': 'A\n' });
    });
    const before = tree();
    const landed = await unprivileged(async () => {
      chmodSync(join(rig.root, 'locked'), 0o555);
      const result = await land();
      chmodSync(join(rig.root, 'locked'), 0o755);
      return result;
    });
    expect(landed).toMatchObject({ ok: false, error: { code: 'state-unwritable' } });
    expect(tree()).toEqual(before);
    expect(existsSync(join(rig.root, 'new'))).toBe(false);
    expect(rig.gitIn(rig.root, '-c', 'safe.directory=*', 'status', '--porcelain')).toBe('');
  });
});

describe('landing that was killed', () => {
  /** Leaves what a landing of `path` leaves when it is killed between the two moves of its file. */
  async function killed(more: { placed: boolean }): Promise<string> {
    const folder = join(rig.root, '.git/nx-wave/landing');
    const payload = join(folder, 'payload');
    mkdirSync(join(payload, 'new'), { recursive: true });
    mkdirSync(join(payload, 'old'));
    const dead = spawnSync(process.execPath, [
      '-e',
      'process.stdout.write(String(process.pid))',
    ]).stdout.toString();

    const owner = { ...currentOwner(), pid: Number(dead), startTime: '1' };
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
    writeFileSync(
      join(folder, 'journal.json'),
      JSON.stringify({
        owner,
        root: rig.root,
        payload,
        files: [{ path: 'edit.txt', before: true, after: sha256('landed\n') }],
        madeFolders: [],
        commit: null,
        locksIndex: false,
      }),
    );
    const original = readFileSync(join(rig.root, 'edit.txt'));
    writeFileSync(join(payload, 'old/0'), original);
    rmSync(join(rig.root, 'edit.txt'));
    writeFileSync(more.placed ? join(rig.root, 'edit.txt') : join(payload, 'new/edit.txt'), 'landed\n');
    return folder;
  }

  function landInChild(requestFile: string) {
    const program = join(__dirname, 'testing/land-in-child.ts');
    return spawnSync(
      process.execPath,
      ['-r', '@swc-node/register', program, rig.root, requestFile, join(rig.dir, 'l')],
      { env: rig.env, encoding: 'utf8' },
    );
  }

  it.each([[{ placed: false }], [{ placed: true }]])(
    'is taken back by the next command (%j)',
    async (more) => {
      rig = makeRepoRig(start);
      const repo = await rig.open();
      const before = tree();
      const folder = await killed(more);
      expect(tree()).not.toEqual(before);
      must(await rig.edge.recoverLanding(repo));
      expect(tree()).toEqual(before);
      expect(existsSync(folder)).toBe(false);
    },
  );

  it('is taken back by the next command where taking it back was cut off, too', async () => {
    rig = makeRepoRig(start);
    const repo = await rig.open();
    const before = tree();
    const folder = await killed({ placed: true });
    renameSync(join(folder, 'payload/old/0'), join(rig.root, 'edit.txt'));
    must(await rig.edge.recoverLanding(repo));
    expect(tree()).toEqual(before);
    expect(existsSync(folder)).toBe(false);
  });

  it('is completed by the next command where its index could not be put in place', async () => {
    rig = makeRepoRig(start);
    const { repo, request } = await ready();
    const requestFile = join(rig.dir, 'request.json');
    writeFileSync(requestFile, JSON.stringify({ ...request, mode: 'commit', message: 'm' }));
    const hook = join(rig.root, '.git/hooks/reference-transaction');
    const index = join(rig.root, '.git/index');
    const block = `[ "$1" = committed ] && mv '${index}' '${index}.kept' && mkdir -p '${index}/in the way'`;
    writeFileSync(hook, `#!/bin/sh\n${block}\nexit 0\n`, { mode: 0o755 });
    const child = landInChild(requestFile);
    expect(JSON.parse(child.stdout)).toMatchObject({
      ok: false,
      error: {
        code: 'landing-failed',
        next: expect.stringContaining('run the same command again') as string,
      },
    });
    rmSync(hook);
    rmSync(index, { recursive: true });
    renameSync(`${index}.kept`, index);
    must(await rig.edge.recoverLanding(repo));
    expect(rig.git('rev-list', '--count', 'HEAD').trim()).toBe('2');
    expect(rig.git('status', '--porcelain')).toBe('');
  });

  it.each([
    ['prepared', 'before HEAD moved, is taken back whole', false],
    ['committed', 'after HEAD moved, is completed', true],
  ])('with kill -9 while the ref is %s, %s', async (state, _, completed) => {
    rig = makeRepoRig(start);
    const { repo, request } = await ready();
    const before = [tree(), rig.git('rev-parse', 'HEAD'), rig.git('status', '--porcelain')];
    const requestFile = join(rig.dir, 'request.json');
    writeFileSync(requestFile, JSON.stringify({ ...request, mode: 'commit', message: 'm' }));
    const hook = join(rig.root, '.git/hooks/reference-transaction');
    const kill = `[ "$1" = ${state} ] && kill -9 "$(ps -o ppid= -p $PPID | tr -d ' ')"`;
    writeFileSync(hook, `#!/bin/sh\n${kill}\nexit ${completed ? 0 : 1}\n`, { mode: 0o755 });
    const child = landInChild(requestFile);
    expect([child.signal, child.stdout]).toEqual(['SIGKILL', '']);
    rmSync(hook);
    expect(existsSync(join(rig.root, '.git/index.lock'))).toBe(true);
    must(await rig.edge.recoverLanding(repo));
    expect(existsSync(join(rig.root, '.git/index.lock'))).toBe(false);
    if (completed) {
      expect(readFileSync(join(rig.root, 'folder'), 'utf8')).toBe('now a file\n');
      expect(rig.git('rev-list', '--count', 'HEAD').trim()).toBe('2');
      expect(rig.git('status', '--porcelain')).toBe('');
    } else expect([tree(), rig.git('rev-parse', 'HEAD'), rig.git('status', '--porcelain')]).toEqual(before);
  });

  /** A landing in the tree by another process, which dies before the first such call. */
  const killedBefore = async (call: 'rmSync' | 'renameSync', end: string): Promise<void> => {
    const { request } = await ready();
    const [requestFile, preload] = [join(rig.dir, 'request.json'), join(rig.dir, 'kill.cjs')];
    writeFileSync(requestFile, JSON.stringify({ ...request, mode: 'tree' }));
    writeFileSync(
      preload,
      `const fs = require('node:fs');
const { ${call}: real } = fs;
fs.${call} = (path, ...rest) =>
  path.endsWith(${JSON.stringify(end)}) ? process.kill(process.pid, 'SIGKILL') : real(path, ...rest);`,
    );
    const script = join(__dirname, 'testing/land-in-child.ts');
    const child = spawnSync(
      process.execPath,
      ['-r', preload, '-r', '@swc-node/register', script, rig.root, requestFile, join(rig.dir, 'l')],
      { env: rig.env, encoding: 'utf8' },
    );
    expect([child.signal, child.stdout]).toEqual(['SIGKILL', '']);
  };

  it('when all was in place and its originals were about to go, is taken back whole', async () => {
    rig = makeRepoRig(start);
    const before = tree();
    await killedBefore('rmSync', '/nx-wave/landing/journal.json');
    expect(readFileSync(join(rig.root, 'folder'), 'utf8')).toBe('now a file\n');
    must(await rig.edge.recoverLanding(await rig.open()));
    expect(tree()).toEqual(before);
  });

  it('when its originals were gone, has landed', async () => {
    rig = makeRepoRig(start);
    await killedBefore('renameSync', '/nx-wave/landing');
    const landed = tree();
    expect(readFileSync(join(rig.root, 'folder'), 'utf8')).toBe('now a file\n');
    must(await rig.edge.recoverLanding(await rig.open()));
    expect(tree()).toEqual(landed);
    expect(existsSync(join(rig.root, '.git/nx-wave/landing'))).toBe(false);
  });

  it('is left to the person when its files were changed since', async () => {
    rig = makeRepoRig(start);
    const repo = await rig.open();
    await killed({ placed: true });
    rig.write({ 'edit.txt': 'edited after the crash\n' });
    expect(await rig.edge.recoverLanding(repo)).toMatchObject({
      ok: false,
      error: { code: 'landing-failed', facts: { paths: ['edit.txt'] } },
    });
    expect(readFileSync(join(rig.root, 'edit.txt'), 'utf8')).toBe('edited after the crash\n');
  });

  it('is not taken from a process that lives', async () => {
    rig = makeRepoRig(start);
    const { land } = await ready();
    const folder = join(rig.root, '.git/nx-wave/landing');
    mkdirSync(folder, { recursive: true });

    writeFileSync(join(folder, 'owner.json'), JSON.stringify(currentOwner()));
    expect(await land()).toMatchObject({ ok: false, error: { code: 'operation-in-progress' } });
  });
});
