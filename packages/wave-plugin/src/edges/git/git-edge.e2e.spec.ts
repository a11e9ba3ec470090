import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RepoRig, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

const workspaceFiles = {
  '.gitignore': 'node_modules\n.tmp\ndist\n',
  'package.json': '{"workspaces":["packages/*"]}',
  'packages/a/package.json': '{"name":"@x/a"}',
  'packages/a/index.js': 'module.exports = "base a";\n',
  'packages/b/package.json': '{"name":"@x/b"}',
  'packages/b/index.js': 'module.exports = require("@x/a") + require("third");\n',
  'run.sh': { run: '#!/bin/sh\necho hi\n' },
  link: { link: 'run.sh' },
};

/** What `npm install` leaves for two workspace packages and one of a registry. */
function installed(target: RepoRig) {
  target.write({
    'node_modules/@x/a': { link: '../../packages/a' },
    'node_modules/@x/b': { link: '../../packages/b' },
    'node_modules/third/index.js': 'module.exports = " third";\n',
    'node_modules/third/package.json': '{"name":"third"}',
    'node_modules/third/cli.js': { run: '#!/usr/bin/env node\nconsole.log("cli")\n' },
    'node_modules/.bin/third': { link: '../third/cli.js' },
    'node_modules/.package-lock.json': '{}',
    'packages/a/node_modules/nested/index.js': 'module.exports = "nested";\n',
  });
}

describe('one agent from snapshot to merge', () => {
  it('sees uncommitted and untracked files, leaves the repository byte-identical and gives back exactly the changes', async () => {
    rig = makeRepoRig(workspaceFiles);
    installed(rig);
    rig.write({ 'packages/a/index.js': 'module.exports = "edited a";\n', 'new file.txt': 'untracked\n' });
    rig.git('stash', 'list');
    const before = rig.fingerprint();
    const { repo, snapshot, checkout } = await rig.checkout();
    const at = (path: string) => join(checkout.workspaceDir, path);

    expect(readFileSync(at('packages/a/index.js'), 'utf8')).toContain('edited a');
    expect(readFileSync(at('new file.txt'), 'utf8')).toBe('untracked\n');
    expect(lstatSync(at('run.sh')).mode & 0o111).not.toBe(0);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(rig.gitIn(checkout.root, 'status', '--porcelain')).toBe('');
    expect(rig.gitIn(checkout.root, 'log', '--format=%s')).toBe('working state\nfirst\n');
    expect(rig.gitIn(checkout.root, 'remote')).toBe('');
    expect(snapshot.warnings).toEqual([]);

    writeFiles(checkout.workspaceDir, {
      'packages/a/index.js': 'module.exports = "agent a";\n',
      'packages/c/é ü\n*.bin': new Uint8Array([0, 1, 2, 255]),
      empty: '',
      'dist/ignored.js': 'x',
      '.nx-wave/envelope.json': '{}',
    });
    rmSync(at('new file.txt'));
    const packFile = join(rig.dir, 'a.pack');
    const collected = must(await rig.edge.collect(checkout, { artifactPaths: [], packFile }));
    expect(collected.changes.map((c) => [c.path, c.before?.mode ?? null, c.after?.mode ?? null])).toEqual([
      ['empty', null, '100644'],
      ['new file.txt', '100644', null],
      ['packages/a/index.js', '100644', '100644'],
      ['packages/c/é ü\n*.bin', null, '100644'],
    ]);
    expect(collected.packFile).toBe(packFile);
    expect(Buffer.from(collected.patch).toString()).toContain('GIT binary patch');
    expect(rig.fingerprint()).toBe(before);

    const merged = must(
      await rig.edge.mergeSlices(repo, {
        base: snapshot,
        slices: [{ sliceId: 'A1', changes: collected.changes, packFile }],
        into: join(rig.dir, 'merge'),
      }),
    );
    expect(merged).toMatchObject({ ok: true, tree: collected.tree });
    expect(rig.fingerprint()).toBe(before);
  });

  it('resolves workspace packages, programs and nested packages inside the checkout', async () => {
    rig = makeRepoRig(workspaceFiles);
    installed(rig);
    const { checkout } = await rig.checkout();
    const at = (path: string) => join(checkout.workspaceDir, path);
    expect(realpathSync(at('node_modules/@x/a'))).toBe(at('packages/a'));
    expect(realpathSync(at('node_modules/third'))).toBe(join(rig.root, 'node_modules/third'));
    expect(lstatSync(at('node_modules')).isSymbolicLink()).toBe(false);
    writeFileSync(at('packages/a/index.js'), 'module.exports = "mine" + require("nested");\n');
    const run = (...args: string[]) =>
      execFileSync(args[0] ?? '', args.slice(1), {
        cwd: checkout.workspaceDir,
        env: { ...rig.env, ...checkout.env },
        encoding: 'utf8',
      });
    expect(run('node', '-p', 'require("@x/b")').trim()).toBe('minenested third');
    expect(run('third').trim()).toBe('cli');
  });

  it('cleans to exactly a tree, whatever the agent did to its git state', async () => {
    rig = makeRepoRig(workspaceFiles);
    installed(rig);
    const { checkout } = await rig.checkout();
    const at = (path: string) => join(checkout.workspaceDir, path);
    writeFileSync(at('packages/a/index.js'), 'module.exports = "kept";\n');
    const collected = must(await rig.collect(checkout));
    writeFiles(checkout.workspaceDir, {
      'dist/ignored.js': 'x',
      'jest.config.local.js': 'x',
      'node_modules/third': { link: '/nowhere' },
      'packages/a/.git/HEAD': 'ref: refs/heads/x',
    });
    rmSync(at('run.sh'));
    rmSync(at('.git'), { recursive: true });
    must(await rig.edge.resetTo(checkout, collected.tree));
    expect(existsSync(at('dist'))).toBe(false);
    expect(existsSync(at('packages/a/.git'))).toBe(false);
    expect(readFileSync(at('run.sh'), 'utf8')).toContain('echo hi');
    expect(readFileSync(at('packages/a/index.js'), 'utf8')).toContain('kept');
    expect(realpathSync(at('node_modules/third'))).toBe(join(rig.root, 'node_modules/third'));
    expect(rig.gitIn(checkout.root, 'ls-files', '--others', '--exclude-standard')).toBe('');
    const again = must(await rig.collect(checkout));
    expect(again.tree).toBe(collected.tree);
    expect(again.changes).toEqual(collected.changes);
  });

  it('keeps owned files below the state root as artifacts and out of the changes', async () => {
    rig = makeRepoRig({ ...workspaceFiles, '.gitignore': 'node_modules\n' });
    const { checkout } = await rig.checkout();
    writeFiles(checkout.workspaceDir, { '.tmp/reports/a.txt': 'report', 'b.txt': 'b' });
    const collected = must(await rig.collect(checkout, ['.tmp/reports/']));
    expect(collected.changes.map((c) => c.path)).toEqual(['b.txt']);
    expect(collected.artifacts).toMatchObject([{ path: '.tmp/reports/a.txt', size: 6 }]);
  });
});

describe('merging slices', () => {
  async function slice(id: string, change: (dir: string) => void) {
    const { repo, snapshot, checkout } = await rig.checkout({ name: id });
    change(checkout.workspaceDir);
    const { changes, packFile } = must(await rig.collect(checkout));
    return { repo, snapshot, slice: { sliceId: id, changes, packFile } };
  }
  const lines = (...edits: [number, string][]) => {
    const all = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    for (const [at, text] of edits) all[at] = text;
    return `${all.join('\n')}\n`;
  };

  it.each([
    ['with the index of the snapshot', true],
    ['without an index', false],
  ])('merges edits of one file and takes a slice twice as once, %s', async (_, withIndex) => {
    rig = makeRepoRig({ 'f.txt': lines() });
    const a = await slice('A1', (dir) => writeFiles(dir, { 'f.txt': lines([1, 'one']) }));
    const b = await slice('A2', (dir) => writeFiles(dir, { 'f.txt': lines([15, 'two']), 'g.txt': 'g' }));
    const merged = must(
      await rig.edge.mergeSlices(a.repo, {
        base: a.snapshot,
        slices: [a.slice, b.slice, a.slice],
        into: join(rig.dir, 'm'),
      }),
    );
    if (!merged.ok) throw new Error('conflict');
    const indexFile = withIndex ? a.snapshot.indexFile : null;
    const next = must(
      await rig.edge.createCheckout(
        a.repo,
        { ...merged, indexFile, parentCommit: a.snapshot.commit },
        { home: join(rig.dir, 'merged') },
      ),
    );
    expect(rig.gitIn(next.root, 'status', '--porcelain')).toBe('');
    expect(must(await rig.collect(next)).changes).toEqual([]);
    expect(readFileSync(join(next.root, 'f.txt'), 'utf8')).toBe(lines([1, 'one'], [15, 'two']));
    expect(readFileSync(join(next.root, 'g.txt'), 'utf8')).toBe('g');
  });

  it('gives the tree that the same edits give one after the other, whatever turns into what', async () => {
    rig = makeRepoRig({ 'a.txt': 'a', 'b/c.txt': 'c', 'd/e/f.txt': 'f', 'g.txt': 'g', 'h/i.txt': 'i' });
    const edits: ((dir: string) => void)[] = [
      (dir) => writeFiles(dir, { 'a.txt': 'A', 'new/deep/n.txt': 'n' }),
      (dir) => rmSync(join(dir, 'd'), { recursive: true }),
      (dir) => {
        rmSync(join(dir, 'g.txt'));
        writeFiles(dir, { 'g.txt/inside.txt': 'a folder now' });
      },
      (dir) => {
        rmSync(join(dir, 'b'), { recursive: true });
        writeFiles(dir, { b: 'a file now' });
      },
      (dir) => chmodSync(join(dir, 'h/i.txt'), 0o755),
      (dir) => writeFiles(dir, { 'new/deep/m.txt': 'm', 'h/j.txt': 'j' }),
    ];
    const made = [];
    for (const [at, edit] of edits.entries()) made.push(await slice(`A${at + 1}`, edit));
    const [first] = made;
    if (first === undefined) throw new Error('no slice');
    const all = made.map((one) => one.slice);
    const merged = must(
      await rig.edge.mergeSlices(first.repo, { base: first.snapshot, slices: all, into: join(rig.dir, 'm') }),
    );
    for (const edit of edits) edit(rig.root);
    rig.git('add', '-A');
    expect(merged).toMatchObject({ ok: true, tree: rig.git('write-tree').trim() });
  });

  it('names the slices and the paths of a conflict', async () => {
    rig = makeRepoRig({ 'f.txt': lines(), 'other.txt': 'o' });
    const a = await slice('A1', (dir) => writeFiles(dir, { 'f.txt': lines([1, 'one']) }));
    const c = await slice('A3', (dir) => writeFiles(dir, { 'other.txt': 'O' }));
    const b = await slice('A2', (dir) => writeFiles(dir, { 'f.txt': lines([1, 'eins']) }));
    const merged = must(
      await rig.edge.mergeSlices(a.repo, {
        base: a.snapshot,
        slices: [a.slice, c.slice, b.slice],
        into: join(rig.dir, 'm'),
      }),
    );
    expect(merged).toEqual({
      ok: false,
      conflict: { sliceId: 'A2', againstIds: ['A1'], paths: ['f.txt'] },
    });
  });

  const edit = (path: string, text: string | null) => (dir: string) =>
    text === null ? rmSync(join(dir, path), { recursive: true }) : writeFiles(dir, { [path]: text });
  it.each<[string, ((dir: string) => void)[]]>([
    [
      'in files of their own',
      [edit('a/new.txt', 'A'), edit('f.txt', lines([2, 'two'])), edit('d/e.txt', null)],
    ],
    ['on both sides of a file', [edit('f.txt', lines([1, 'one'])), edit('f.txt', lines([15, 'two']))]],
    ['on the same new file', [edit('n.txt', 'same'), edit('n.txt', 'same')]],
    ['where one needs the place of a folder', [edit('a/new.txt', 'A'), edit('d', null), edit('g.txt', 'G')]],
    ['of the mode of a file', [edit('a/new.txt', 'A'), (dir) => chmodSync(join(dir, 'f.txt'), 0o755)]],
    ['against each other', [edit('g.txt', 'G'), edit('f.txt', 'A'), edit('f.txt', 'B')]],
  ])('gives for changes %s what merging them one by one gives', async (_, changes) => {
    rig = makeRepoRig({ 'f.txt': lines(), 'd/e.txt': 'e', 'd/keep.txt': 'k' });
    const made = [];
    for (const [at, change] of changes.entries()) made.push(await slice(`A${at + 1}`, change));
    const [first] = made;
    if (first === undefined) throw new Error('no slice');
    const slices = made.map((one) => one.slice);
    const together = must(
      await rig.edge.mergeSlices(first.repo, { base: first.snapshot, slices, into: join(rig.dir, 'm') }),
    );
    let base: { tree: string; objectDir: string } = first.snapshot;
    let isConflict = false;
    for (const [at, one] of slices.entries()) {
      const merged = must(
        await rig.edge.mergeSlices(first.repo, { base, slices: [one], into: join(rig.dir, `m${at}`) }),
      );
      if (!merged.ok) isConflict = true;
      else base = merged;
    }
    expect(together.ok).toBe(!isConflict);
    if (together.ok) expect(together.tree).toBe(base.tree);
  });

  it('refuses a pack that lacks what the slice names', async () => {
    rig = makeRepoRig({ 'f.txt': lines() });
    const a = await slice('A1', (dir) => writeFiles(dir, { 'f.txt': 'all new' }));
    const merged = await rig.edge.mergeSlices(a.repo, {
      base: a.snapshot,
      slices: [{ ...a.slice, packFile: null }],
      into: join(rig.dir, 'm'),
    });
    expect(merged).toMatchObject({ ok: false, error: { code: 'bundle-invalid' } });
  });
});
