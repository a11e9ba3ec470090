import { execFileSync } from 'node:child_process';
import { parseRawDiff } from './diff-trees';
import { splitNul } from './names';
import { type RepoRig, makeRepoRig, must } from './testing/repo-rig';

jest.setTimeout(300_000);

let rig: RepoRig;
afterEach(() => rig.remove());

const odd = { 'a/t\tab\nnl"q\\.txt': 'y\n', 'ü.txt': 'z', link: { link: 'a' }, bin: new Uint8Array([0, 2]) };

it('gives changes and patch in one process as git gives them one by one', async () => {
  rig = makeRepoRig({ 'a/f': 'x\n', bin: { run: 'q' }, gone: 'g' });
  const repo = await rig.open();
  const from = repo.headTree;
  rig.write(odd);
  rig.git('rm', '-q', '--', 'gone');
  rig.git('add', '-A');
  const to = rig.git('write-tree').trim();
  const git = (...args: string[]) =>
    execFileSync('git', ['diff-tree', '-r', '--no-renames', ...args, from, to], {
      cwd: rig.root,
      env: rig.env,
    });
  const patch = git('-p', '--binary', '--full-index', '--src-prefix=a/', '--dst-prefix=b/');
  const raw = git('-z', '--raw', '--no-abbrev');
  const diff = must(await rig.edge.diffTrees(repo, `${rig.root}/.git/objects`, { from, to }));
  expect(Buffer.from(diff.patch).equals(patch)).toBe(true);
  expect(diff.changes).toEqual(parseRawDiff(splitNul(raw), ''));
  expect(diff.changes).toHaveLength(5);
});

it('gives nothing for one and the same tree', async () => {
  rig = makeRepoRig({ a: 'a' });
  const repo = await rig.open();
  const trees = { from: repo.headTree, to: repo.headTree };
  const diff = must(await rig.edge.diffTrees(repo, `${rig.root}/.git/objects`, trees));
  expect(diff).toEqual({ changes: [], patch: new Uint8Array() });
});
