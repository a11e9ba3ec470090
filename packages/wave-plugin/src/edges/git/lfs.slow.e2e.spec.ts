// Tests edges/git/fill-lfs.ts and edges/git/lfs-files.ts.
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lfsObjectPath, writePointer } from '../../core/lfs-pointer';
import { useSmallLfs } from '../../testing/small-lfs';
import { type Checkout } from './contracts';
import { createGitEdge } from './git-edge';
import { type RepoRig, makeRepoRig, must, writeFiles } from './testing/repo-rig';

let rig: RepoRig;
let smudged: () => string[];
afterEach(() => rig.remove());

const pointerOf = (content: string) => {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { sha256, bytes: Buffer.byteLength(content) };
};
const logo = 'the picture of a logo\n';
const read = (checkout: Checkout, path: string) => readFileSync(join(checkout.root, path), 'utf8');
const storeOf = () => join(rig.root, '.git', 'lfs');
const objectOf = (content: string) => join(storeOf(), lfsObjectPath(pointerOf(content)));

const lfsAttributes = '*.bin filter=lfs diff=lfs merge=lfs -text\n';

/** A repository with two files of Git LFS, one of them executable. */
function repository(): void {
  rig = makeRepoRig({ 'a.txt': 'a\n' });
  smudged = useSmallLfs({ dir: rig.dir, store: storeOf(), git: rig.git }).smudged;
  rig.write({ '.gitattributes': lfsAttributes, 'art/logo.bin': logo, 'run.bin': { run: '#!/bin/sh\n' } });
  rig.git('add', '-A');
  rig.git('commit', '-qm', 'pictures');
  expect(rig.git('show', 'HEAD:art/logo.bin')).toBe(writePointer(pointerOf(logo)));
}

describe('content of Git LFS', () => {
  it('stands in a checkout where this machine has it, and is no change', async () => {
    repository();
    const before = rig.fingerprint();
    const asked = smudged().length;
    const { checkout } = await rig.checkout();
    expect(read(checkout, 'art/logo.bin')).toBe(logo);
    expect(statSync(join(checkout.root, 'run.bin')).mode & 0o111).toBe(0o111);
    expect(checkout.withoutContent).toEqual([]);
    // What stands in a checkout comes from the store: no filter was asked for it.
    expect(smudged()).toHaveLength(asked);
    expect(rig.gitIn(checkout.root, 'status', '--porcelain')).toBe('');
    expect(must(await rig.collect(checkout)).changes).toEqual([]);
    // Written again, or put back to the pointer by git itself: still no change.
    writeFiles(checkout.root, { 'art/logo.bin': logo });
    expect(must(await rig.collect(checkout)).changes).toEqual([]);
    writeFiles(checkout.root, { 'art/logo.bin': writePointer(pointerOf(logo)) });
    expect(must(await rig.collect(checkout)).changes).toEqual([]);
    expect(rig.fingerprint()).toBe(before);
  });

  it('is collected where it was changed, and lands as the pointer that git add would store', async () => {
    repository();
    const { repo, checkout } = await rig.checkout();
    writeFiles(checkout.root, { 'art/logo.bin': 'another logo\n', 'art/new.bin': 'new\n' });
    chmodSync(join(checkout.root, 'run.bin'), 0o644);
    const { changes, packFile, tree } = must(await rig.collect(checkout));
    expect(changes.map(({ path }) => path)).toEqual(['art/logo.bin', 'art/new.bin', 'run.bin']);
    // The proof of the slice sees all content, whether it changed or not.
    must(await rig.edge.resetTo(checkout, tree));
    expect(read(checkout, 'art/logo.bin')).toBe('another logo\n');
    expect(read(checkout, 'run.bin')).toBe('#!/bin/sh\n');
    const request = { changes, packFile, mode: 'commit' as const };
    must(await rig.edge.applyToWorkspace(repo, request, join(rig.dir, 'land')));
    expect(rig.git('show', 'HEAD:art/logo.bin')).toBe(writePointer(pointerOf('another logo\n')));
    expect(rig.git('show', 'HEAD:run.bin')).toBe(writePointer(pointerOf('#!/bin/sh\n')));
    expect(readFileSync(objectOf('new\n'), 'utf8')).toBe('new\n');
    expect(rig.git('status', '--porcelain')).toBe('');
    const next = await rig.checkout();
    expect(read(next.checkout, 'art/logo.bin')).toBe('another logo\n');
  });

  it('is in a checkout of the merged tree, beside what the slices changed', async () => {
    repository();
    const first = await rig.checkout();
    writeFiles(first.checkout.root, { 'run.bin': 'run\n' });
    const slice = must(await rig.collect(first.checkout));
    const { repo, snapshot } = first;
    const into = join(rig.dir, 'merge');
    const slices = [{ sliceId: 'A1', ...slice }];
    const merged = must(await rig.edge.mergeSlices(repo, { base: snapshot, slices, into }));
    if (!merged.ok) throw new Error('conflict');
    const base = { ...merged, indexFile: snapshot.indexFile, parentCommit: null };
    const home = join(rig.dir, 'merged');
    const checkout = must(await rig.edge.createCheckout(repo, base, { home }));
    expect([read(checkout, 'run.bin'), read(checkout, 'art/logo.bin')]).toEqual(['run\n', logo]);
    must(await rig.edge.resetTo(checkout, snapshot.tree));
    expect(read(checkout, 'run.bin')).toBe('#!/bin/sh\n');
    expect(await rig.edge.putBack(checkout, () => false)).toEqual({ ok: true, value: [] });
  });

  it('is put back after a command that wrote it, removed it or put something in its way', async () => {
    repository();
    const { checkout } = await rig.checkout();
    const putBack = async () => must(await rig.edge.putBack(checkout, () => false));
    writeFiles(checkout.root, { 'art/logo.bin': 'x' });
    rmSync(join(checkout.root, 'run.bin'));
    expect(await putBack()).toEqual([
      { path: 'art/logo.bin', kind: 'changed' },
      { path: 'run.bin', kind: 'removed' },
    ]);
    expect([read(checkout, 'art/logo.bin'), read(checkout, 'run.bin')]).toEqual([logo, '#!/bin/sh\n']);
    expect(await putBack()).toEqual([]);
    const outside = join(rig.dir, 'outside');
    renameSync(join(checkout.root, 'art'), outside);
    symlinkSync(outside, join(checkout.root, 'art'));
    writeFileSync(join(outside, 'logo.bin'), 'mine');
    expect(await putBack()).toContainEqual({ path: 'art/logo.bin', kind: 'removed' });
    expect(read(checkout, 'art/logo.bin')).toBe(logo);
    expect(readFileSync(join(outside, 'logo.bin'), 'utf8')).toBe('mine');
    expect(must(await rig.collect(checkout)).changes).toEqual([]);
  });

  it('comes from the working tree of the user where the store lacks it, and is named where neither has it', async () => {
    repository();
    rmSync(objectOf(logo));
    expect(read((await rig.checkout()).checkout, 'art/logo.bin')).toBe(logo);
    // As a clone without the content has it: the pointer is all that there is.
    rig.write({ 'art/logo.bin': writePointer(pointerOf(logo)) });
    for (const store of ['there', 'gone']) {
      rmSync(store === 'gone' ? storeOf() : objectOf(logo), { recursive: true, force: true });
      const { checkout } = await rig.checkout();
      expect(checkout.withoutContent).toEqual(['art/logo.bin']);
      expect(read(checkout, 'art/logo.bin')).toBe(writePointer(pointerOf(logo)));
      expect(must(await rig.collect(checkout)).changes).toEqual([]);
    }
  });

  it.each(['2', '4'])(
    'is looked for where only a folder gives files to it and there is no store yet, by an index of version %s',
    async (version) => {
      repository();
      rig.git('mv', '.gitattributes', 'art/.gitattributes');
      rig.git('commit', '-qm', 'attributes of a folder');
      rig.git('update-index', '--index-version', version);
      // The filter may store what a snapshot cleans: the store that is looked into is another one.
      rig.git('config', 'lfs.storage', 'nowhere');
      const { checkout } = await rig.checkout();
      expect([read(checkout, 'art/logo.bin'), checkout.withoutContent]).toEqual([logo, []]);
      rig.write({ 'art/logo.bin': writePointer(pointerOf(logo)) });
      const without = await rig.checkout({ name: 'without' });
      expect(without.checkout.withoutContent).toEqual(['art/logo.bin']);
    },
  );

  it('is not believed by its name: an object with other bytes of the same size is none', async () => {
    repository();
    writeFileSync(objectOf(logo), logo.toUpperCase());
    rig.write({ 'art/logo.bin': writePointer(pointerOf(logo)) });
    const { checkout } = await rig.checkout();
    expect(checkout.withoutContent).toEqual(['art/logo.bin']);
  });

  it('is looked for where lfs.storage says, and given to nothing but files with the filter', async () => {
    repository();
    renameSync(storeOf(), join(rig.root, '.git', 'elsewhere'));
    rig.git('config', 'lfs.storage', 'elsewhere');
    rig.write({ 'a.txt': writePointer(pointerOf(logo)) });
    const { checkout } = await rig.checkout();
    expect(read(checkout, 'art/logo.bin')).toBe(logo);
    expect(read(checkout, 'a.txt')).toBe(writePointer(pointerOf(logo)));
  });

  it('is what it was for a process that takes the checkout over, and after the index was tampered with', async () => {
    repository();
    const { checkout } = await rig.checkout();
    writeFileSync(join(checkout.runnerGitDir, 'index'), 'broken');
    writeFiles(checkout.root, { 'a.txt': 'changed\n' });
    const paths = async (of: typeof rig.edge, which: Checkout) =>
      must(await of.collect(which, { artifactPaths: [], packFile: join(rig.dir, 'p') })).changes.map(
        ({ path }) => path,
      );
    expect(await paths(rig.edge, checkout)).toEqual(['a.txt']);
    const record = must(rig.edge.recordCheckout(checkout));
    const later = createGitEdge({ env: rig.env, tmpDir: rig.dir });
    const taken = must(await later.reopenCheckout(JSON.parse(JSON.stringify(record)) as typeof record));
    expect(await paths(later, taken)).toEqual(['a.txt']);
  });

  it('obeys no program that a tree names', async () => {
    repository();
    const evil = join(rig.dir, 'evil');
    rig.write({
      '.gitattributes': '*.bin filter=lfs\n*.txt filter=evil\n',
      '.lfsconfig': `[lfs]\n\tstorage = ${join(rig.dir, 'theirs')}\n[filter "evil"]\n\tsmudge = touch ${evil}\n`,
    });
    rig.git('add', '-A');
    rig.git('commit', '-qm', 'evil');
    rig.git('config', 'filter.evil.smudge', `touch ${evil}`);
    const { checkout } = await rig.checkout();
    writeFiles(checkout.root, { '.gitattributes': '* filter=lfs\n', 'a.txt': writePointer(pointerOf(logo)) });
    must(await rig.edge.resetTo(checkout, must(await rig.collect(checkout)).tree));
    expect(() => readFileSync(evil)).toThrow();
  });
});
