import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createGitEdge } from './git-edge';
import { type RepoRig, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const file = (oid: string) =>
  execFileSync('git', ['cat-file', 'blob', oid], { cwd: rig.root, env: rig.env, encoding: 'utf8' });

/** A program named git that prints `text` for `verb` and exits with `code`, and else does `before` and is the real git. */
function fakeGit(verb: string, text: string, code: number, before = ''): string {
  const folder = join(rig.dir, `fake-${verb}`);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFiles(folder, {
    git: {
      run: `#!/bin/sh\nfor a in "$@"; do if [ "$a" = '${verb}' ]; then echo '${text}'; echo '${text}' >&2; exit ${code}; fi; done\n${before}exec ${real} "$@"\n`,
    },
  });
  return folder;
}

describe('opening a repository', () => {
  it('says what is wrong with the folder, and what to do', async () => {
    rig = makeRepoRig();
    const plain = join(rig.dir, 'plain');
    const empty = join(rig.dir, 'empty');
    mkdirSync(plain);
    mkdirSync(empty);
    rig.gitIn(empty, 'init', '-q');
    expect(await rig.edge.openRepository(plain)).toMatchObject({
      ok: false,
      error: { code: 'not-a-repository' },
    });
    expect(await rig.edge.openRepository(join(rig.dir, 'absent'))).toMatchObject({
      ok: false,
      error: { code: 'not-a-repository' },
    });
    expect(await rig.edge.openRepository(join(rig.root, '.git'))).toMatchObject({
      ok: false,
      error: { code: 'not-a-repository' },
    });
    const noCommits = await rig.edge.openRepository(empty);
    expect(noCommits).toMatchObject({ ok: false, error: { code: 'no-commits' } });
    expect(noCommits.ok ? '' : noCommits.error.next).toContain('git commit');
  });

  it.each([
    ['git version 2.30.2', 'git-too-old', /2\.30\.2.*2\.38/],
    ['git version unknown', 'git-too-old', /unknown version/],
  ])('refuses %s, of a git that does not trace its version', async (text, code, message) => {
    rig = makeRepoRig();
    const untraced = fakeGit('version', text, 0, 'unset GIT_TRACE2_EVENT; ');
    const path = `${untraced}:${rig.env['PATH']}`;
    const opened = await createGitEdge({ env: { ...rig.env, PATH: path } }).openRepository(rig.root);
    expect(opened).toMatchObject({ ok: false, error: { code } });
    expect(opened.ok ? '' : opened.error.message).toMatch(message);
  });

  it('refuses an old git by the version in its trace, without asking it again', async () => {
    rig = makeRepoRig();
    const event = '{"event":"version","evt":"3","exe":"2.37.1.windows.1"}';
    const traced = fakeGit('rev-parse', event, 0);
    const opened = await createGitEdge({
      env: { ...rig.env, PATH: `${traced}:${rig.env['PATH']}` },
    }).openRepository(rig.root);
    expect(opened).toMatchObject({ ok: false, error: { code: 'git-too-old' } });
    expect(opened.ok ? '' : opened.error.message).toContain('git 2.37.1 is too old');
  });

  it('says that git is missing where there is none', async () => {
    rig = makeRepoRig();
    const edge = createGitEdge({ env: { ...rig.env, PATH: join(rig.dir, 'nothing') } });
    expect(await edge.openRepository(rig.root)).toMatchObject({ ok: false, error: { code: 'git-missing' } });
  });

  it('is not led astray by variables of an outer git', async () => {
    rig = makeRepoRig();
    const edge = createGitEdge({
      env: { ...rig.env, GIT_DIR: '/nowhere', GIT_WORK_TREE: '/', GIT_INDEX_FILE: '/x' },
    });
    expect(must(await edge.openRepository(rig.root)).topLevel).toBe(rig.root);
  });
});

describe('the snapshot of', () => {
  const snapshotTree = async (mode: 'worktree' | 'head' = 'worktree', exclude: string[] = []) => {
    const repo = await rig.open();
    const snapshot = must(await rig.edge.snapshot(repo, { mode, into: join(rig.dir, 'snapshot'), exclude }));
    const listing = execFileSync('git', ['ls-tree', '-r', '-z', '--name-only', snapshot.tree], {
      cwd: rig.root,
      env: { ...rig.env, GIT_ALTERNATE_OBJECT_DIRECTORIES: snapshot.objectDir },
      encoding: 'utf8',
    });
    return { repo, snapshot, paths: listing.split('\0').filter(Boolean) };
  };

  it('a working tree with every kind of uncommitted change', async () => {
    rig = makeRepoRig({ a: 'a', gone: 'g', 'was/file': 'f', dir: 'd', '.gitignore': 'ignored\n', mode: 'm' });
    rig.write({
      staged: 's',
      ' spaces and\nnewline': 'x',
      '[glob]*?.txt': 'x',
      ':(exclude)magic': 'x',
      '-dash': 'x',
      ünïcode: 'x',
      ignored: 'x',
      '.tmp/state': 'x',
      mode: { run: 'm' },
      link: { link: 'a' },
    });
    rmSync(join(rig.root, 'gone'));
    rmSync(join(rig.root, 'was'), { recursive: true });
    rmSync(join(rig.root, 'dir'));
    rig.write({ was: 'a file now', 'dir/below': 'a folder now' });
    rig.git('add', 'staged');
    rig.git('add', '-N', '--', '-dash');
    const before = rig.fingerprint();
    const { snapshot, paths } = await snapshotTree('worktree', ['.tmp']);
    expect(paths.sort()).toEqual(
      [
        ' spaces and\nnewline',
        '-dash',
        '.gitignore',
        ':(exclude)magic',
        '[glob]*?.txt',
        'a',
        'dir/below',
        'link',
        'mode',
        'staged',
        'was',
        'ünïcode',
      ].sort(),
    );
    expect(snapshot.warnings).toEqual([]);
    expect(rig.fingerprint()).toBe(before);
  });

  it('the checked-out commit leaves uncommitted work out', async () => {
    rig = makeRepoRig({ a: 'a' });
    rig.write({ a: 'changed', b: 'new' });
    rig.git('add', '-A');
    const { snapshot, paths } = await snapshotTree('head');
    expect(paths).toEqual(['a']);
    expect(snapshot.tree).toBe(rig.git('rev-parse', 'HEAD^{tree}').trim());
  });

  it('a clean working tree is the checked-out commit itself', async () => {
    rig = makeRepoRig({ 'a-b': 'x', 'a/b/c': 'c', 'a.c': { run: 'r' }, 'é/l': { link: '../a-b' } });
    const { snapshot } = await snapshotTree();
    expect(snapshot.commit).toBe(rig.git('rev-parse', 'HEAD').trim());
    expect(snapshot.tree).toBe(rig.git('rev-parse', 'HEAD^{tree}').trim());
    expect(snapshot).toMatchObject({ head: snapshot.commit, uncommitted: [] });
  });

  it('what is staged alone is a commit on top of the checked-out one', async () => {
    rig = makeRepoRig({ a: 'a', b: 'b' });
    rig.git('rm', '-q', '--cached', 'b');
    rig.write({ '.git/info/exclude': 'b\n' });
    const { snapshot, paths } = await snapshotTree();
    expect(paths).toEqual(['a']);
    expect(snapshot.commit).not.toBe(snapshot.head);
    expect(snapshot.uncommitted.map(({ path }) => path)).toEqual(['b']);
  });

  it('a link in place of a folder is the link, although files look the same through it', async () => {
    rig = makeRepoRig({ 'a/b/c': 'c', d: 'd' });
    renameSync(join(rig.root, 'a'), join(rig.dir, 'elsewhere'));
    symlinkSync(join(rig.dir, 'elsewhere'), join(rig.root, 'a'));
    expect((await snapshotTree()).paths).toEqual(['a', 'd']);
  });

  it('an edit of the same size in the second of the commit', async () => {
    rig = makeRepoRig({ a: 'one\n' });
    writeFileSync(join(rig.root, 'a'), 'two\n');
    const { snapshot } = await snapshotTree();
    expect(snapshot.tree).not.toBe(rig.git('rev-parse', 'HEAD^{tree}').trim());
  });

  it('a repository without an index, with a split index, with a changed index format', async () => {
    rig = makeRepoRig({ a: 'a', b: 'b' });
    const { snapshot: first } = await snapshotTree();
    rig.git('config', 'core.splitIndex', 'true');
    rig.git('update-index', '--split-index');
    const before = rig.fingerprint();
    expect((await snapshotTree()).snapshot.tree).toBe(first.tree);
    const { checkout } = await rig.checkout();
    expect(rig.gitIn(checkout.root, 'status', '--porcelain')).toBe('');
    expect(rig.fingerprint()).toBe(before);
    rmSync(join(rig.root, '.git/index'));
    expect((await snapshotTree()).snapshot.tree).toBe(first.tree);
  });

  it('an unfinished merge is refused with its paths, and its commit can still be used', async () => {
    rig = makeRepoRig({ 'a b': 'one\n' });
    rig.git('checkout', '-q', '-b', 'side');
    rig.write({ 'a b': 'two\n' });
    rig.git('commit', '-qam', 'two');
    rig.git('checkout', '-q', 'main');
    rig.write({ 'a b': 'three\n' });
    rig.git('commit', '-qam', 'three');
    expect(() => rig.git('merge', 'side')).toThrow();
    const repo = await rig.open();
    const refused = await rig.edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 's') });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'unmerged-index', facts: { paths: ['a b'] } },
    });
    expect((await snapshotTree('head')).paths).toEqual(['a b']);
  });

  it('a tree with repositories inside warns and goes on', async () => {
    rig = makeRepoRig({ a: 'a' });
    rig.write({ 'empty-repo/x': 'x', 'full-repo/y': 'y', new: 'n' });
    for (const name of ['empty-repo', 'full-repo']) rig.gitIn(join(rig.root, name), 'init', '-q');
    rig.gitIn(join(rig.root, 'full-repo'), 'add', '-A');
    rig.gitIn(join(rig.root, 'full-repo'), 'commit', '-qm', 'x');
    const { snapshot, paths } = await snapshotTree();
    expect(paths).toEqual(['a', 'new']);
    expect(snapshot.warnings.map((w) => [w.code, w.severity, w.place?.path])).toEqual([
      ['nested-repository', 'warning', 'empty-repo'],
      ['nested-repository', 'warning', 'full-repo'],
    ]);
  });

  it('files that the index hides has what the index has, and an edit by an agent is seen', async () => {
    rig = makeRepoRig({ local: 'committed\n', other: 'o\n' });
    rig.git('update-index', '--skip-worktree', 'local');
    rig.git('update-index', '--assume-unchanged', 'other');
    rig.write({ local: 'private\n', other: 'private\n' });
    const { checkout } = await rig.checkout();
    expect(read(checkout.root, 'local')).toBe('committed\n');
    writeFiles(checkout.root, { local: 'agent\n', other: 'agent\n' });
    expect(must(await rig.collect(checkout)).changes.map((c) => c.path)).toEqual(['local', 'other']);
  });

  it('a full disk and a folder that cannot be written are told apart', async () => {
    rig = makeRepoRig();
    const repo = await rig.open();
    rig.write({ 'a.txt': 'changed\n' });
    const full = createGitEdge({
      env: {
        ...rig.env,
        PATH: `${fakeGit('write-tree', 'fatal: write error: No space left on device', 128)}:${rig.env['PATH']}`,
      },
    });
    expect(await full.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 's1') })).toMatchObject({
      ok: false,
      error: { code: 'disk-full' },
    });
    writeFileSync(join(rig.dir, 'in-the-way'), '');
    expect(
      await rig.edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 'in-the-way/s2') }),
    ).toMatchObject({
      ok: false,
    });
  });
});

describe('agents work in', () => {
  /** One agent's life: edit a file, add a file, collect, reset, merge. */
  async function life(repoRoot = rig.root, edit = 'a.txt') {
    const repo = await rig.open(repoRoot);
    const { snapshot, checkout } = await rig.checkout({ repo });
    expect(rig.gitIn(checkout.root, 'status', '--porcelain')).toBe('');
    expect(rig.gitIn(checkout.root, 'rev-parse', 'HEAD^{tree}').trim()).toBe(snapshot.tree);
    writeFiles(checkout.workspaceDir, { [edit]: 'agent\n', 'added.txt': 'added\n' });
    const collected = must(await rig.collect(checkout));
    expect(collected.changes.map((c) => c.path)).toEqual([edit, 'added.txt'].sort());
    must(await rig.edge.resetTo(checkout, collected.tree));
    expect(must(await rig.collect(checkout)).tree).toBe(collected.tree);
    const merged = must(
      await rig.edge.mergeSlices(repo, {
        base: snapshot,
        slices: [{ sliceId: 'A1', ...collected }],
        into: join(rig.dir, 'merge'),
      }),
    );
    expect(merged).toMatchObject({ ok: true, tree: collected.tree });
    return { repo, snapshot, checkout, collected };
  }

  it('a repository with sha256 object ids', async () => {
    rig = makeRepoRig();
    const root = join(rig.dir, 'sha256');
    mkdirSync(root);
    rig.gitIn(root, 'init', '-q', '--object-format=sha256');
    writeFiles(root, { 'a.txt': 'a\n' });
    rig.gitIn(root, 'add', '-A');
    rig.gitIn(root, 'commit', '-qm', 'first');
    const { collected } = await life(root);
    expect(collected.tree).toHaveLength(64);
  });

  it('a linked worktree', async () => {
    rig = makeRepoRig({ 'a.txt': 'a\n' });
    const linked = join(rig.dir, 'linked');
    rig.git('worktree', 'add', '-q', linked);
    writeFiles(linked, { 'only-here.txt': 'x' });
    const before = rig.fingerprint();
    const { repo, checkout } = await life(linked);
    expect(repo.commonDir).toBe(join(rig.root, '.git'));
    expect(read(checkout.root, 'only-here.txt')).toBe('x');
    expect(rig.fingerprint()).toBe(before);
  });

  it('a shallow clone: history ends where the clone ends', async () => {
    rig = makeRepoRig({ 'a.txt': 'a\n' });
    rig.write({ 'a.txt': 'b\n' });
    rig.git('commit', '-qam', 'second');
    const clone = join(rig.dir, 'clone');
    rig.gitIn(rig.dir, 'clone', '-q', '--depth=1', `file://${rig.root}`, clone);
    const { checkout } = await life(clone);
    expect(rig.gitIn(checkout.root, 'log', '--format=%s')).toBe('second\n');
  });

  it('a partial clone, without fetching anything', async () => {
    rig = makeRepoRig({ 'a.txt': 'old\n', 'b.txt': 'b\n' });
    rig.write({ 'a.txt': 'new\n' });
    rig.git('commit', '-qam', 'second');
    rig.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(rig.dir, 'clone');
    rig.gitIn(rig.dir, 'clone', '-q', '--filter=blob:none', `file://${rig.root}`, clone);
    rig.gitIn(clone, 'remote', 'set-url', 'origin', 'file:///nowhere');
    await life(clone);
  });

  it('a partial clone that lacks a file says how to get it', async () => {
    rig = makeRepoRig({ 'a.txt': 'a\n' });
    rig.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(rig.dir, 'clone');
    rig.gitIn(rig.dir, 'clone', '-q', '--no-checkout', '--filter=blob:none', `file://${rig.root}`, clone);
    const repo = await rig.open(clone);
    const snapshot = must(await rig.edge.snapshot(repo, { mode: 'head', into: join(rig.dir, 's') }));
    const made = await rig.edge.createCheckout(
      repo,
      { ...snapshot, parentCommit: snapshot.commit },
      { home: join(rig.dir, 'c') },
    );
    expect(made).toMatchObject({ ok: false, error: { code: 'checkout-failed' } });
    expect(made.ok ? '' : made.error.next).toContain('checkout HEAD');
  });

  it('a sparse checkout: what is left out stays out and stays whole', async () => {
    rig = makeRepoRig({ 'in/a.txt': 'a\n', 'out/b.txt': 'b\n', 'top.txt': 't\n' });
    rig.git('sparse-checkout', 'set', '--cone', 'in');
    const before = rig.fingerprint();
    const { checkout, collected, snapshot, repo } = await life(rig.root, 'in/a.txt');
    expect(existsSync(join(checkout.root, 'out'))).toBe(false);
    expect(rig.fingerprint()).toBe(before);
    const again = must(
      await rig.edge.createCheckout(
        repo,
        { tree: snapshot.tree, objectDir: snapshot.objectDir, indexFile: null, parentCommit: null },
        { home: join(rig.dir, 'no-index') },
      ),
    );
    expect(existsSync(join(again.root, 'out'))).toBe(false);
    expect(existsSync(join(again.root, 'in/a.txt'))).toBe(true);
    writeFiles(checkout.root, { 'out/b.txt': 'seen\n' });
    expect(must(await rig.collect(checkout)).changes.map((c) => c.path)).toEqual([
      'added.txt',
      'in/a.txt',
      'out/b.txt',
    ]);
    expect(collected.changes).toHaveLength(2);
  });

  it('a workspace below the top: changes outside of it are told apart', async () => {
    rig = makeRepoRig({ 'apps/ws/a.txt': 'a\n', 'shared/s.txt': 's\n', 'apps/near.txt': 'n\n' });
    const { repo, checkout } = await life(join(rig.root, 'apps/ws'));
    expect(repo.prefix).toBe('apps/ws/');
    writeFiles(checkout.root, {
      'shared/s.txt': 'S\n',
      'apps/near.txt': 'N\n',
      'apps/ws/.nx-wave/e.json': '{}',
    });
    expect(must(await rig.collect(checkout)).changes.map((c) => c.path)).toEqual([
      '../../shared/s.txt',
      '../near.txt',
      'a.txt',
      'added.txt',
    ]);
  });

  it('a repository with submodules: empty folders that nobody may write into', async () => {
    rig = makeRepoRig({ 'a.txt': 'a\n' });
    const sub = makeRepoRig({ 'lib.txt': 'lib\n' });
    rig.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', sub.root, 'vendor/lib');
    rig.git('commit', '-qam', 'submodule');
    sub.remove();
    const before = rig.fingerprint();
    const { checkout, snapshot } = await life();
    expect(snapshot.warnings).toMatchObject([{ code: 'submodule-empty', facts: { paths: ['vendor/lib'] } }]);
    writeFiles(checkout.root, { 'vendor/lib/new.txt': 'lost?' });
    expect(await rig.collect(checkout)).toMatchObject({
      ok: false,
      error: { code: 'special-file', facts: { paths: ['vendor/lib'] } },
    });
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    expect(must(await rig.collect(checkout)).changes).toEqual([]);
    expect(rig.fingerprint()).toBe(before);
  });

  it('a repository with a filter of its own: agents see what is stored, filters do not run', async () => {
    rig = makeRepoRig({
      'a.txt': 'a\n',
      '.gitattributes': '*.psd filter=pointers diff=pointers merge=pointers -text\n',
    });
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n';
    const oid = execFileSync('git', ['hash-object', '-w', '--stdin', '--no-filters'], {
      cwd: rig.root,
      env: rig.env,
      input: pointer,
      encoding: 'utf8',
    }).trim();
    rig.git('update-index', '--add', '--cacheinfo', `100644,${oid},big.psd`);
    rig.git('commit', '-qm', 'pointer');
    rig.write({ 'big.psd': 'BYTES' });
    const clean =
      'sh -c \'cat >/dev/null; printf "version https://git-lfs.github.com/spec/v1\\noid sha256:0\\nsize 5\\n"\'';
    rig.git('config', 'filter.pointers.clean', clean);
    rig.git('config', 'filter.pointers.smudge', 'false');
    rig.git('config', 'filter.pointers.required', 'true');
    rig.gitIn(rig.home, 'config', '--global', 'filter.pointers.smudge', 'false');
    rig.gitIn(rig.home, 'config', '--global', 'filter.pointers.required', 'true');
    const { checkout } = await life();
    expect(read(checkout.root, 'big.psd')).toBe(pointer);
  });

  it('a repository whose owner wants CRLF: agents see what is stored', async () => {
    rig = makeRepoRig({ 'a.txt': 'a\n', '.gitattributes': '* text=auto eol=crlf\n' });
    rig.git('config', 'core.autocrlf', 'true');
    rmSync(join(rig.root, 'a.txt'));
    rig.git('checkout', '--', 'a.txt');
    expect(read(rig.root, 'a.txt')).toBe('a\r\n');
    const { checkout, collected } = await life();
    expect(read(checkout.root, 'a.txt')).toBe('agent\n');
    expect(collected.changes).toHaveLength(2);
  });

  it('a folder whose name needs quoting everywhere', async () => {
    const odd = makeRepoRig({ 'a.txt': 'a\n' });
    rig = makeRepoRig({ 'a.txt': 'a\n' });
    const root = join(rig.dir, 'a "b" : #c\\d é');
    execFileSync('cp', ['-a', odd.root, root]);
    odd.remove();
    const edge = createGitEdge({ env: rig.env, tmpDir: rig.dir });
    const repo = must(await edge.openRepository(root));
    const snapshot = must(await edge.snapshot(repo, { mode: 'worktree', into: join(root, '.git', 'sn:ap') }));
    const checkout = must(
      await edge.createCheckout(
        repo,
        { ...snapshot, parentCommit: snapshot.commit },
        { home: join(rig.dir, 'ho:me "x"') },
      ),
    );
    expect(realpathSync(checkout.root)).toBe(checkout.root);
    writeFiles(checkout.root, { 'b.txt': 'b' });
    expect(rig.gitIn(checkout.root, 'log', '--format=%s')).toBe('first\n');
    expect(
      must(await edge.collect(checkout, { artifactPaths: [], packFile: join(rig.dir, 'p') })).changes,
    ).toHaveLength(1);
  });
});

describe('a slice', () => {
  it('carries modes, links, binary files, empty files and every odd name through merge and checkout', async () => {
    rig = makeRepoRig({
      script: '#!/bin/sh\n',
      'file-to-link': 'x',
      'link-to-file': { link: 'script' },
      bin: new Uint8Array([0, 1]),
    });
    const { repo, snapshot, checkout } = await rig.checkout();
    chmodSync(join(checkout.root, 'script'), 0o755);
    writeFiles(checkout.root, {
      'file-to-link': { link: 'nowhere' },
      'link-to-file': 'plain',
      bin: new Uint8Array([0, 255, 10, 13]),
      'new\nline/"quoted"\\ tab\t': '',
      ünï: { run: 'x' },
    });
    const collected = must(await rig.collect(checkout));
    expect(collected.changes.map((c) => [c.path, c.before?.mode, c.after?.mode])).toEqual([
      ['bin', '100644', '100644'],
      ['file-to-link', '100644', '120000'],
      ['link-to-file', '120000', '100644'],
      ['new\nline/"quoted"\\ tab\t', undefined, '100644'],
      ['script', '100644', '100755'],
      ['ünï', undefined, '100755'],
    ]);
    // Another clone that has never seen the objects takes the slice from its pack alone.
    const merged = must(
      await rig.edge.mergeSlices(repo, {
        base: snapshot,
        slices: [{ sliceId: 'A1', ...collected }],
        into: join(rig.dir, 'm'),
      }),
    );
    if (!merged.ok) throw new Error('conflict');
    const next = must(
      await rig.edge.createCheckout(
        repo,
        { ...merged, indexFile: null, parentCommit: null },
        { home: join(rig.dir, 'n') },
      ),
    );
    expect(statSync(join(next.root, 'script')).mode & 0o111).not.toBe(0);
    expect([...readFileSync(join(next.root, 'bin'))]).toEqual([0, 255, 10, 13]);
    expect(existsSync(join(next.root, 'new\nline/"quoted"\\ tab\t'))).toBe(true);
    // As a patch for people it applies with plain git.
    const plain = join(rig.dir, 'plain');
    rig.git('worktree', 'add', '-q', '--detach', plain);
    writeFileSync(join(rig.dir, 'x.patch'), collected.patch);
    rig.gitIn(plain, 'apply', '--index', join(rig.dir, 'x.patch'));
    expect(rig.gitIn(plain, 'write-tree').trim()).toBe(collected.tree);
  });

  it('applies in a clone that lacks the blobs of its base, merging with what differs there', async () => {
    const lines = (...edits: [number, string][]) => {
      const all = Array.from({ length: 12 }, (_, i) => `line ${i}`);
      for (const [at, text] of edits) all[at] = text;
      return `${all.join('\n')}\n`;
    };
    rig = makeRepoRig({ 'f.txt': lines() });
    const other = join(rig.dir, 'other');
    rig.gitIn(rig.dir, 'clone', '-q', rig.root, other);
    rig.write({ 'f.txt': lines([0, 'never committed here']) });
    const { checkout } = await rig.checkout();
    writeFiles(checkout.root, { 'f.txt': lines([0, 'never committed here'], [11, 'agent']) });
    const collected = must(await rig.collect(checkout));
    rig.gitIn(other, 'config', 'user.name', 'x');
    writeFiles(other, { 'f.txt': lines([5, 'theirs']) });
    const repo = await rig.open(other);
    const base = must(await rig.edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 's2') }));
    const merged = must(
      await rig.edge.mergeSlices(repo, {
        base,
        slices: [{ sliceId: 'A1', ...collected }],
        into: join(rig.dir, 'm2'),
      }),
    );
    if (!merged.ok) throw new Error('conflict');
    const diff = must(await rig.edge.diffTrees(repo, merged.objectDir, { from: base.tree, to: merged.tree }));
    expect(diff.changes.map((c) => c.path)).toEqual(['f.txt']);
    expect(Buffer.from(diff.patch).toString()).toContain('+agent');
    expect(() => file(collected.changes[0]?.before?.oid ?? '')).toThrow();
  });

  it.each([
    ['leaves the repository', '../../../evil'],
    ['is absolute', '/etc/passwd'],
    ['enters a git directory', 'sub/.GIT/config'],
    ['has an empty part', 'a//b'],
  ])('whose path %s is refused', async (_, path) => {
    rig = makeRepoRig({ a: 'a' });
    const repo = await rig.open();
    const snapshot = must(await rig.edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 's') }));
    const oid = rig.git('rev-parse', 'HEAD:a').trim();
    const changes = [{ path, before: null, after: { mode: '100644', oid } }];
    expect(
      await rig.edge.mergeSlices(repo, {
        base: snapshot,
        slices: [{ sliceId: 'A1', changes, packFile: null }],
        into: join(rig.dir, 'm'),
      }),
    ).toMatchObject({ ok: false, error: { code: 'bundle-invalid' } });
  });
});
