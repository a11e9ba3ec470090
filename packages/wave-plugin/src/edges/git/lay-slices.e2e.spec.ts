import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { FileChange } from '@nx-wave/schemas';
import { laySlices } from './lay-slices';
import { makePrivateGitDir } from './private-git-dir';
import { type RepoRig, makeRepoRig } from './testing/repo-rig';

jest.setTimeout(300_000);

let rig: RepoRig;
afterEach(() => rig.remove());

const odd = 'new/t\tab\nnl"q\\ é.txt';

/** What stands in a rig's first commit, and a git directory of our own on it. */
async function ground() {
  rig = makeRepoRig({ 'a/b': 'b\n', 'a/c': { run: 'c' }, gone: 'g', 'x-y': 'x', x: 'x' });
  const repo = await rig.open();
  const { env } = await makePrivateGitDir(rig.env, join(rig.dir, 'git'), {
    write: join(rig.dir, 'objects'),
    read: [join(rig.root, '.git', 'objects')],
    anyOid: repo.headTree,
  });
  const at = { cwd: rig.dir, env: { ...env, GIT_INDEX_FILE: join(rig.dir, 'index') } };
  const blob = (text: string) => {
    const oid = execFileSync('git', ['hash-object', '-w', '--stdin'], { ...at, input: text });
    return oid.toString().trim();
  };
  const entry = (path: string) => {
    const [mode = '', , oid = ''] = rig.git('ls-tree', 'HEAD', '--', path).split(/\s/);
    return { mode, oid };
  };
  const git = (...args: string[]) => execFileSync('git', args, { ...at, encoding: 'utf8' }).trim();
  return { at, blob, entry, git, repo, on: { tree: repo.headTree, parent: repo.head } };
}

it('lays slices that fit in their order, and makes the commit that git makes of the tree', async () => {
  const { at, blob, entry, git, repo, on } = await ground();
  const [one, two] = [blob('one\n'), blob('two\n')];
  const slices: FileChange[][] = [
    [
      { path: 'gone', before: entry('gone'), after: null },
      { path: odd, before: null, after: { mode: '100755', oid: one } },
      { path: 'a/c', before: entry('a/c'), after: { mode: '120000', oid: two } },
    ],
    [
      { path: odd, before: { mode: '100755', oid: one }, after: { mode: '100644', oid: two } },
      { path: 'x', before: entry('x'), after: null },
    ],
  ];
  const laid = await laySlices(at, on, slices);
  expect(laid?.count).toBe(2);
  const tree = laid?.tree ?? '';
  expect(git('ls-tree', '-r', '-z', tree).split('\0').filter(Boolean).sort()).toEqual(
    [
      `100644 blob ${entry('a/b').oid}\ta/b`,
      `120000 blob ${two}\ta/c`,
      `100644 blob ${two}\t${odd}`,
      `100644 blob ${entry('x-y').oid}\tx-y`,
    ].sort(),
  );
  expect(laid?.commit).toBe(git('commit-tree', tree, '-p', repo.head, '-m', 'working state'));
});

it('lays those before the first that does not fit, and none of it', async () => {
  const { at, blob, entry, git, on } = await ground();
  const oid = blob('new\n');
  const first: FileChange = { path: 'a/b', before: entry('a/b'), after: { mode: '100644', oid } };
  const other: FileChange = { path: 'x', before: { mode: '100644', oid }, after: null };
  const laid = await laySlices(at, on, [[first], [other]]);
  expect(laid?.count).toBe(1);
  expect(git('diff-tree', '-r', '--name-only', on.tree, laid?.tree ?? '')).toBe('a/b');
  expect(await laySlices(at, on, [[other], [first]])).toMatchObject({ count: 0, tree: on.tree });
});

it('lays nothing where an object is not there', async () => {
  const { at, entry, on } = await ground();
  const after = { mode: '100644', oid: 'ab'.repeat(20) };
  expect(await laySlices(at, on, [[{ path: 'a/b', before: entry('a/b'), after }]])).toBeNull();
});
