// Tests edges/git/read-file-at.ts: the files of a tree that one git process reads.
import { join } from 'node:path';
import { countGit } from '../../testing/count-git';
import { createGitEdge } from './git-edge';
import { type RepoRig, makeRepoRig, must } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

it('are regular files alone, whatever their names, in one process', async () => {
  const files = {
    top: 'at the top\n',
    'a/b/c.txt': 'deep\n',
    'a/b/run.sh': { run: '#!/bin/sh\n' },
    'a/nl\nq"\\ missing': 'odd\n',
    'a/ü.txt': 'z',
    'a/empty': '',
    'a/link': { link: 'b/c.txt' },
    'a/bytes': new Uint8Array([0, 10, 255, 10, 0]),
  };
  rig = makeRepoRig(files);
  const git = countGit(rig.dir, rig.env);
  const edge = createGitEdge({ env: git.env, tmpDir: rig.dir });
  const repo = must(await edge.openRepository(rig.root));
  const base = { tree: repo.headTree, objectDir: join(rig.root, '.git/objects') };
  const asked = [...Object.keys(files), 'a', 'a/b', 'a/none', 'none/at/all', 'a/link/c.txt', 'top/x'];
  const processes = await git.during(async () => {
    const read = must(await edge.readFilesAt(repo, base, asked));
    expect(Object.fromEntries([...read].map(([path, bytes]) => [path, [...bytes]]))).toEqual({
      top: [...Buffer.from('at the top\n')],
      'a/b/c.txt': [...Buffer.from('deep\n')],
      'a/b/run.sh': [...Buffer.from('#!/bin/sh\n')],
      'a/nl\nq"\\ missing': [...Buffer.from('odd\n')],
      'a/ü.txt': [...Buffer.from('z')],
      'a/empty': [],
      'a/bytes': [0, 10, 255, 10, 0],
    });
  });
  expect(processes).toBe(1);
  expect(must(await edge.readFileAt(repo, base, 'a/link'))).toBeNull();
  expect(Buffer.from(must(await edge.readFileAt(repo, base, 'top')) ?? []).toString()).toBe('at the top\n');
});
