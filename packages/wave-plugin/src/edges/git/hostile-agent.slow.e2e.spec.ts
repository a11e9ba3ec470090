import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Checkout, type Collected } from './contracts';
import { type RepoRig, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

const files = {
  '.gitignore': 'node_modules\n.tmp\n',
  'src/a.js': 'a\n',
  'src/test.js': 'expect(1)\n',
  'src/other.js': 'other\n',
  'lib/b.js': 'b\n',
};

/** Runs a command as an agent would: in the checkout, with the environment of the checkout. */
function agent(checkout: Checkout, command: string): string {
  return execFileSync('sh', ['-ec', command], {
    cwd: checkout.workspaceDir,
    env: { ...rig.env, ...checkout.env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The text of a changed file as the slice carries it. */
function contentOf(checkout: Checkout, collected: Collected, path: string): string {
  return execFileSync('git', ['cat-file', 'blob', `${collected.tree}:${path}`], {
    cwd: rig.root,
    env: { ...rig.env, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(checkout.home, 'objects') },
    encoding: 'utf8',
  });
}

const summary = (collected: Collected) =>
  collected.changes.map((c) => `${c.before ? '-' : ''}${c.after ? '+' : ''} ${c.path}`);

describe('an agent that hides its changes from git', () => {
  it.each<[string, string, string[]]>([
    [
      'marks an edited test as skip-worktree',
      'echo cheat > src/test.js; git update-index --skip-worktree src/test.js',
      ['-+ src/test.js'],
    ],
    [
      'marks an edited test as assume-unchanged',
      'echo cheat > src/test.js; git update-index --assume-unchanged src/test.js',
      ['-+ src/test.js'],
    ],
    [
      'lists a new file in info/exclude',
      'echo x > hidden.js; echo hidden.js >> .git/info/exclude',
      ['+ hidden.js'],
    ],
    [
      'lists a new file in a global ignore file',
      'echo x > hidden.js; echo hidden.js > "$TMPDIR/i"; git config --global core.excludesFile "$TMPDIR/i"',
      ['+ hidden.js'],
    ],
    [
      'says with a hook that nothing changed',
      'printf "#!/bin/sh\\nprintf \\"t\\\\0\\"\\n" > "$TMPDIR/f"; chmod +x "$TMPDIR/f"; git config core.fsmonitor "$TMPDIR/f"; git status >/dev/null; echo cheat > src/test.js',
      ['-+ src/test.js'],
    ],
    [
      'commits its change',
      'echo cheat > src/test.js; git -c user.name=x -c user.email=x@x commit -qam x',
      ['-+ src/test.js'],
    ],
    ['deletes its index', 'echo cheat > src/test.js; rm .git/index', ['-+ src/test.js']],
    ['deletes its repository', 'echo cheat > src/test.js; rm -rf .git', ['-+ src/test.js']],
    [
      'turns its repository into a link to another',
      'echo cheat > src/test.js; rm -rf .git; ln -s /nowhere .git',
      ['-+ src/test.js'],
    ],
    ['locks its index', 'touch .git/index.lock; echo cheat > src/test.js', ['-+ src/test.js']],
    [
      'keeps size and times of an edited file',
      'touch -r src/test.js "$TMPDIR/t"; printf "expect(2)\\n" > src/test.js; touch -r "$TMPDIR/t" src/test.js',
      ['-+ src/test.js'],
    ],
    [
      'moves a file that it does not own into its folder',
      'git mv src/other.js lib/other.js',
      ['+ lib/other.js', '- src/other.js'],
    ],
  ])('%s', async (_, command, expected) => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(checkout, command);
    expect(summary(must(await rig.collect(checkout)))).toEqual(expected);
  });

  it('cannot make the slice say something else than the disk', async () => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(
      checkout,
      `printf 'rm -rf everything\\r\\n' > src/a.js
       git config filter.evil.clean 'echo innocent'
       echo '* filter=evil text eol=lf' >> .git/info/attributes
       echo '* filter=evil text eol=lf ident working-tree-encoding=UTF-16' > src/.gitattributes
       git config diff.external 'echo innocent'
       git config diff.noprefix true`,
    );
    const collected = must(await rig.collect(checkout));
    expect(summary(collected)).toEqual(['+ src/.gitattributes', '-+ src/a.js']);
    expect(contentOf(checkout, collected, 'src/a.js')).toBe('rm -rf everything\r\n');
    expect(Buffer.from(collected.patch).toString()).toContain(
      '+++ b/src/a.js\n@@ -1 +1 @@\n-a\n+rm -rf everything\r\n',
    );
  });

  it('gains nothing from ignored files: they are gone before the proof', async () => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(
      checkout,
      `mkdir -p secret .tmp node_modules/.bin; echo '*' > secret/.gitignore; echo x > secret/jest.config.js
       echo x > .tmp/x; echo '!node_modules' > lib/.gitignore; mkdir -p lib/node_modules/evil; echo x > lib/node_modules/evil/index.js
       echo x > node_modules/.bin/jest; chmod 000 secret; echo x > "$TMPDIR/left"`,
    );
    const collected = must(await rig.collect(checkout));
    expect(summary(collected)).toEqual(['+ lib/.gitignore']);
    must(await rig.edge.resetTo(checkout, collected.tree));
    for (const path of ['secret', '.tmp', 'lib/node_modules', 'node_modules/.bin/jest'])
      expect(existsSync(join(checkout.workspaceDir, path))).toBe(false);
    expect(existsSync(join(checkout.tmpDir, 'left'))).toBe(false);
  });

  it("finds no use in writing to the runner's own git state", async () => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(
      checkout,
      `echo cheat > src/test.js
       cd ../runner
       for i in index git/index; do [ -f $i ] && GIT_DIR=$PWD/git GIT_INDEX_FILE=$PWD/$i GIT_WORK_TREE=$PWD/../tree git update-index --assume-unchanged src/test.js; done
       echo '* filter=evil' > git/info/attributes; printf '[filter "evil"]\\n clean = echo innocent\\n' >> git/config
       echo src/test.js >> git/info/exclude`,
    );
    const collected = must(await rig.collect(checkout));
    expect(summary(collected)).toEqual(['-+ src/test.js']);
    expect(contentOf(checkout, collected, 'src/test.js')).toBe('cheat\n');
  });
});

describe('what no slice can carry', () => {
  it.each<[string, string, string[]]>([
    ['a new folder with a repository without commits', 'git init -q lib2; echo x > lib2/x', ['lib2']],
    [
      'a new folder with a repository with commits',
      'git init -q lib2; cd lib2; echo x > x; git add x; git -c user.name=x -c user.email=x@x commit -qm x',
      ['lib2'],
    ],
    [
      'a repository inside a tracked folder',
      'cd lib; git init -q; git add -A; git -c user.name=x -c user.email=x@x commit -qm x; echo y > y',
      ['lib'],
    ],
    ['a repository deep in an untracked folder', 'mkdir -p deep/er; cd deep/er; git init -q .', ['deep/er']],
    [
      'a folder with a .git file',
      'mkdir lib2; echo "gitdir: /nowhere" > lib2/.git; echo x > lib2/x',
      ['lib2'],
    ],
  ])('names %s, and collects the rest when asked to', async (_, command, paths) => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(checkout, `echo edited > src/a.js; ${command}`);
    expect(await rig.collect(checkout)).toMatchObject({
      ok: false,
      error: { code: 'nested-repository', facts: { paths } },
    });
    const partial = must(
      await rig.edge.collect(checkout, { artifactPaths: [], packFile: join(rig.dir, 'p'), partial: true }),
    );
    expect(summary(partial)).toContain('-+ src/a.js');
    expect(partial.refusals).toMatchObject([{ code: 'nested-repository' }]);
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    expect(must(await rig.collect(checkout)).changes).toEqual([]);
  });

  it('names pipes and sockets, also in folders without any file', async () => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(
      checkout,
      'mkfifo src/pipe; mkdir -p only/pipes; mkfifo only/pipes/p; rm lib/b.js; mkfifo lib/b.js',
    );
    expect(await rig.collect(checkout)).toMatchObject({
      ok: false,
      error: { code: 'special-file', facts: { paths: ['lib/b.js', 'only/pipes/p', 'src/pipe'] } },
    });
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    expect(readFileSync(join(checkout.root, 'lib/b.js'), 'utf8')).toBe('b\n');
    expect(existsSync(join(checkout.root, 'only'))).toBe(false);
  });

  it.each([
    ['one file that is too large', { fileBytes: 1000, totalBytes: 10_000 }, ['lib/b.js', 'new.bin']],
    ['files that are too large together', { fileBytes: 3000, totalBytes: 3000 }, ['lib/b.js', 'new.bin']],
  ])('names %s and keeps the others', async (_, limits, paths) => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(
      checkout,
      'head -c 2000 /dev/zero > lib/b.js; head -c 2000 /dev/zero > new.bin; echo small > src/a.js',
    );
    if (limits.fileBytes > 2000)
      agent(checkout, 'head -c 4000 /dev/zero > lib/b.js; head -c 4000 /dev/zero > new.bin');
    const options = { artifactPaths: [], packFile: join(rig.dir, 'p'), limits };
    expect(await rig.edge.collect(checkout, options)).toMatchObject({
      ok: false,
      error: { code: 'slice-too-large', facts: { paths } },
    });
    const partial = must(await rig.edge.collect(checkout, { ...options, partial: true }));
    expect(summary(partial)).toEqual(['-+ src/a.js']);
    expect(contentOf(checkout, partial, 'lib/b.js')).toBe('b\n');
  });

  it('refuses an artifact that is a link', async () => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    agent(checkout, 'mkdir -p .tmp/out; ln -s /etc/hostname .tmp/out/report; ln -s /etc .tmp/etc');
    expect(await rig.collect(checkout, ['.tmp/out'])).toMatchObject({
      ok: false,
      error: { code: 'special-file' },
    });
    expect(must(await rig.collect(checkout, ['.tmp/etc/hostname'])).artifacts).toEqual([]);
    agent(checkout, 'echo kept > .tmp/out/kept');
    const partial = await rig.edge.collect(checkout, {
      artifactPaths: ['.tmp/out'],
      packFile: join(rig.dir, 'p'),
      partial: true,
    });
    expect(must(partial).artifacts.map((a) => a.path)).toEqual(['.tmp/out/kept']);
    expect(must(partial).refusals).toMatchObject([
      { code: 'special-file', facts: { paths: ['.tmp/out/report'] } },
    ]);
  });
});

describe('links between the checkout and the outside', () => {
  it('never follows a folder that became a link', async () => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    const outside = join(rig.dir, 'outside');
    writeFiles(outside, { 'a.js': 'a\n', 'precious.txt': 'precious' });
    rmSync(join(checkout.root, 'src'), { recursive: true });
    symlinkSync(outside, join(checkout.root, 'src'));
    const collected = must(await rig.collect(checkout));
    expect(summary(collected)).toEqual(['+ src', '- src/a.js', '- src/other.js', '- src/test.js']);
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    expect(lstatSync(join(checkout.root, 'src')).isDirectory()).toBe(true);
    expect(readFileSync(join(outside, 'precious.txt'), 'utf8')).toBe('precious');
  });

  it('breaks hard links to files outside before anything is proved', async () => {
    rig = makeRepoRig(files);
    const { checkout } = await rig.checkout();
    const theirs = join(rig.root, 'src/a.js');
    rmSync(join(checkout.root, 'src/a.js'));
    linkSync(theirs, join(checkout.root, 'src/a.js'));
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    expect(statSync(join(checkout.root, 'src/a.js')).ino).not.toBe(statSync(theirs).ino);
  });
});

describe("the user's repository", () => {
  it('is byte for byte the same after an agent tried to change each part of it', async () => {
    rig = makeRepoRig(files);
    rig.git('branch', 'side');
    rig.write({ 'src/a.js': 'stashed\n' });
    rig.git('stash', '-q');
    rig.write({ 'src/a.js': 'uncommitted\n', 'untracked.txt': 'u\n' });
    rig.git('status');
    const before = rig.fingerprint();
    const { checkout } = await rig.checkout();
    agent(
      checkout,
      `git config user.name Agent; git config user.email agent@x
       git config --global user.name Mallory; git config --global alias.x y
       echo x > src/a.js; git add -A; git commit -qm agent; git branch evil; git tag evil
       echo y > src/a.js; git stash -q; git worktree prune; git gc -q --prune=now; git repack -adq; git reflog expire --expire=now --all
       git config core.hooksPath .git/hooks; printf '#!/bin/sh\\nexit 1\\n' > .git/hooks-x || true
       mkdir -p .git/hooks; printf '#!/bin/sh\\ntouch %s\\n' "$TMPDIR/hook-ran" > .git/hooks/post-commit; chmod +x .git/hooks/post-commit
       git update-ref refs/heads/main HEAD; git update-ref refs/stash HEAD || true`,
    );
    for (const push of [
      `git push -q '${rig.root}' HEAD:refs/heads/evil`,
      `git push -q 'file://${rig.root}' HEAD:refs/heads/evil`,
      'git push -q origin HEAD',
    ])
      expect(
        spawnSync('sh', ['-c', push], { cwd: checkout.root, env: { ...rig.env, ...checkout.env } }).status,
      ).not.toBe(0);
    must(await rig.collect(checkout));
    must(await rig.edge.resetTo(checkout, checkout.baseTree));
    await rig.edge.removeCheckout(checkout);
    expect(rig.fingerprint()).toBe(before);
    expect(existsSync(checkout.home)).toBe(false);
  });

  it('is not found from a checkout that lost its own', async () => {
    rig = makeRepoRig(files);
    const inside = join(rig.root, '.tmp/x');
    mkdirSync(inside, { recursive: true });
    const repo = await rig.open();
    const snapshot = must(await rig.edge.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 's') }));
    const checkout = must(
      await rig.edge.createCheckout(
        repo,
        { ...snapshot, parentCommit: snapshot.commit },
        { home: join(inside, 'home') },
      ),
    );
    expect(() => agent(checkout, 'rm -rf .git; git rev-parse --show-toplevel')).toThrow(
      /not a git repository/,
    );
  });
});
