// About collect.ts: what no slice can carry costs nothing of what stands beside it.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RepoRig, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
beforeEach(() => {
  rig = makeRepoRig({ 'a.txt': 'a\n' });
});
afterEach(() => rig.remove());

const collect = async () => {
  const { checkout } = await rig.checkout();
  const packFile = join(checkout.home, 'pack');
  return {
    checkout,
    collect: () => rig.edge.collect(checkout, { artifactPaths: [], packFile, partial: true }),
  };
};

it('a name that is not UTF-8 is refused by its bytes, and the other files are kept', async () => {
  const work = await collect();
  writeFiles(work.checkout.root, { 'good.txt': 'good\n' });
  execFileSync('sh', ['-c', 'echo x > "$(printf \'bad-\\377.txt\')"'], { cwd: work.checkout.root });
  const collected = must(await work.collect());
  expect(collected.changes.map(({ path }) => path)).toEqual(['good.txt']);
  expect(collected.refusals).toMatchObject([
    { code: 'name-not-utf8', message: expect.stringContaining('bad-'), next: expect.any(String) },
  ]);
});

it('folders without end are refused, the other files are kept, and the checkout can be removed', async () => {
  const work = await collect();
  writeFiles(work.checkout.root, { 'good.txt': 'good\n', 'a.txt': 'edited\n' });
  // By steps: no single path is longer than the system takes.
  const dig =
    'for (let i = 0; i < 3000; i += 1) { require("fs").mkdirSync("deeper"); process.chdir("deeper"); } require("fs").writeFileSync("end", "")';
  execFileSync(process.execPath, ['-e', dig], { cwd: work.checkout.root });
  const collected = must(await work.collect());
  expect(collected.changes.map(({ path }) => path).sort()).toEqual(['a.txt', 'good.txt']);
  expect(collected.refusals).toMatchObject([
    { code: 'special-file', message: expect.stringContaining('nested deeper') },
  ]);
  await rig.edge.removeCheckout(work.checkout);
  expect(existsSync(work.checkout.home)).toBe(false);
});

it('a checkout that was removed has changed nothing, and that is the reason', async () => {
  const work = await collect();
  rmSync(work.checkout.root, { recursive: true });
  const collected = must(await work.collect());
  expect(collected).toMatchObject({ changes: [], tree: work.checkout.baseTree, packFile: null });
  expect(collected.refusals).toMatchObject([
    { code: 'checkout-failed', message: expect.stringContaining(work.checkout.root) },
  ]);
});
