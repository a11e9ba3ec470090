// About names.ts: names that are not UTF-8, from snapshot to landing.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskPath, decodeName } from './names';
import { type RepoRig, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
afterEach(() => rig.remove());

const latin = (name: string) => decodeName(Buffer.from(name, 'latin1'));
const writeOddly = (root: string, name: string, text: string) =>
  writeFileSync(diskPath(join(root, latin(name))), text);
const shownNames = (folder: string) =>
  readdirSync(folder, { encoding: 'buffer' }).map((name) => name.toString('latin1'));

/** A repository with tracked and untracked names that are not UTF-8, beside one that is. */
async function oddRepository() {
  rig = makeRepoRig({ 'src/a.txt': 'a\n', 'café.txt': 'fine\n' });
  writeOddly(rig.root, 'latin-\xe9.txt', 'tracked');
  rig.git('add', '-A');
  rig.git('commit', '-qm', 'odd');
  writeOddly(rig.root, 'loose-\xff', 'untracked');
  return rig.checkout();
}

describe('a name that is not UTF-8', () => {
  it('is carried through snapshot, checkout, cleaning, merge and landing when nobody touches it', async () => {
    const { repo, snapshot, checkout } = await oddRepository();
    const before = shownNames(checkout.root);
    expect(before).toEqual(expect.arrayContaining(['latin-\xe9.txt', 'loose-\xff']));
    writeFiles(checkout.root, { 'src/a.txt': 'b\n' });
    const collected = must(await rig.collect(checkout));
    expect(collected.changes.map(({ path }) => path)).toEqual(['src/a.txt']);
    expect(collected.refusals).toEqual([]);

    writeOddly(checkout.root, 'rubbish-\xfe', 'x');
    must(await rig.edge.resetTo(checkout, collected.tree));
    expect(shownNames(checkout.root)).toEqual(before);
    expect(rig.gitIn(checkout.root, 'status', '--porcelain')).toBe('M  src/a.txt\n');

    const merged = must(
      await rig.edge.mergeSlices(repo, {
        base: snapshot,
        slices: [{ sliceId: 'A1', ...collected }],
        into: join(rig.dir, 'm'),
      }),
    );
    expect(merged.ok).toBe(true);
    const request = { ...collected, mode: 'commit', message: 'odd' } as const;
    must(await rig.edge.applyToWorkspace(repo, request, join(rig.dir, 'land')));
    expect(rig.git('ls-tree', '--name-only', 'HEAD')).toContain('"latin-\\351.txt"');
  });

  it('is taken out of a tree with the folder that holds it, and so is a name that git could read as a pattern', async () => {
    rig = makeRepoRig({ 'src/a.txt': 'a\n', 'checks/b.mjs': 'b\n', ':(top)c.mjs': 'c\n' });
    writeOddly(rig.root, 'checks/latin-\xe9.mjs', 'held');
    rig.git('add', '-A');
    rig.git('commit', '-qm', 'odd');
    const { repo, snapshot } = await rig.checkout();
    const request = { base: snapshot, removed: ['checks/', ':(top)c.mjs'], texts: new Map() };
    const into = join(rig.dir, 'rewritten');
    mkdirSync(into);
    const { tree, objectDir } = must(await rig.edge.rewriteTree(repo, { ...request, into }));
    const left = must(await rig.edge.pathsIn(repo, { tree, objectDir }, ['', 'checks']));
    expect([...left].filter((path) => !path.startsWith('.'))).toEqual(['src']);
  });

  it('is refused by its right name in a slice that makes or changes it, and the rest can be kept', async () => {
    const { checkout } = await oddRepository();
    writeFiles(checkout.root, { 'src/a.txt': 'b\n', 'naïve.txt': 'new\n' });
    writeOddly(checkout.root, 'new-\xe9', 'x');
    writeOddly(checkout.root, 'latin-\xe9.txt', 'changed');
    const refused = await rig.collect(checkout);
    expect(refused).toMatchObject({ ok: false, error: { code: 'name-not-utf8' } });
    if (!refused.ok) expect(refused.error.message).toContain('latin-\\xe9.txt, new-\\xe9.');
    const kept = must(
      await rig.edge.collect(checkout, {
        artifactPaths: [],
        packFile: join(rig.dir, 'kept'),
        partial: true,
      }),
    );
    expect(kept.changes.map(({ path }) => path)).toEqual(['naïve.txt', 'src/a.txt']);
    expect(kept.refusals.map(({ code }) => code)).toEqual(['name-not-utf8']);
  });
});
