// Tests how many git processes edges/git/put-back.ts and edges/git/fill-lfs.ts start: bounds, so that fewer are welcome.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { countGit } from '../../testing/count-git';
import { createGitEdge } from './git-edge';
import { type RepoRig, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

const many = (text: string) =>
  Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`src/${at}.txt`, `${text} ${at}\n`]));

/** A rig whose checkouts are made by an edge with a counted git. */
async function counted() {
  rig = makeRepoRig(many('base'));
  const git = countGit(rig.dir, rig.env);
  const edge = createGitEdge({ env: git.env, tmpDir: rig.dir });
  const repo = must(await edge.openRepository(rig.root));
  const snapshot = must(await edge.snapshot(repo, { mode: 'head', into: join(rig.dir, 'snapshot') }));
  let count = 0;
  const checkout = async () => {
    const home = join(rig.dir, `c${(count += 1)}`);
    return must(await edge.createCheckout(repo, { ...snapshot, parentCommit: snapshot.commit }, { home }));
  };
  return { git, edge, checkout };
}

describe('git processes', () => {
  it('after a proof command: one where nothing changed, at most four however much did', async () => {
    const { git, edge, checkout } = await counted();
    const made = await checkout();
    const putBack = (changes: number) => async () =>
      expect(must(await edge.putBack(made, () => false))).toHaveLength(changes);
    expect(await git.during(putBack(0))).toBeLessThanOrEqual(1);
    writeFiles(made.root, { 'src/1.txt': 'changed\n' });
    expect(await git.during(putBack(1))).toBeLessThanOrEqual(4);
    writeFiles(made.root, { ...many('changed'), 'src/new.txt': 'new\n' });
    expect(await git.during(putBack(41))).toBeLessThanOrEqual(4);
    expect(await git.during(putBack(0))).toBeLessThanOrEqual(1);
  });

  it('for a checkout: as many as ever without Git LFS, at most two more with it', async () => {
    const { git, checkout } = await counted();
    const plain = await git.during(checkout);
    expect(plain).toBeGreaterThan(0);
    expect(plain).toBeLessThanOrEqual(1);
    mkdirSync(join(rig.root, '.git', 'lfs'));
    expect(await git.during(checkout)).toBeLessThanOrEqual(plain + 2);
  });
});
