import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGitEdge } from '../../packages/wave-plugin/src/edges/git/git-edge';
import { makeRepoRig, must, writeFiles } from '../../packages/wave-plugin/src/edges/git/testing/repo-rig';

const rounds = Number(process.env['NX_WAVE_BENCH_ROUNDS'] ?? 5);
const each = 5;

type Row = { name: string; ours: number; unit: string; floor?: number; ratio?: number };
type Points = [number, number][];

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const elapsed = async (work: () => Promise<unknown> | unknown): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

/** Slices of `each` files of their own, half of them changed and half of them new, with their packs and patches. */
async function makeSlices(count: number) {
  const file = (slice: number, at: number) => `folder-${slice % 7}/slice-${slice}-file-${at}.txt`;
  const base = Object.fromEntries(
    Array.from({ length: count * each }, (_, at) => [file(Math.floor(at / each), at % each), `base ${at}\n`]),
  );
  const rig = makeRepoRig({ ...base, 'other.txt': 'nobody changes it\n' });
  const git = createGitEdge({ env: rig.env, tmpDir: rig.dir });
  const repo = must(await git.openRepository(rig.root));
  const snapshot = must(await git.snapshot(repo, { mode: 'worktree', into: join(rig.dir, 'snapshot') }));
  const slices = [];
  for (let slice = 0; slice < count; slice += 1) {
    const home = join(rig.dir, `checkout-${slice}`);
    const from = { ...snapshot, parentCommit: snapshot.commit };
    const checkout = must(await git.createCheckout(repo, from, { home, nodeModules: 'none' }));
    writeFiles(
      checkout.workspaceDir,
      Object.fromEntries(
        Array.from({ length: each }, (_, at) => [
          at % 2 === 0 ? file(slice, at) : `new-${slice}/${at}.txt`,
          `slice ${slice}, ${at}\n`,
        ]),
      ),
    );
    const packFile = join(rig.dir, `${slice}.pack`);
    const collected = must(await git.collect(checkout, { artifactPaths: [], packFile }));
    writeFileSync(join(rig.dir, `${slice}.patch`), collected.patch);
    slices.push({ sliceId: `A${slice}`, changes: collected.changes, packFile });
    await git.removeCheckout(checkout);
  }
  return { rig, git, repo, snapshot, slices };
}

/** What a person without a runner would do: one patch after the other, in a copy of the repository. */
function applyPatches(dir: string, root: string, env: Record<string, string>, count: number): void {
  for (let slice = 0; slice < count; slice += 1)
    execFileSync('git', ['apply', '--index', join(dir, `${slice}.patch`)], { cwd: root, env });
  execFileSync('git', ['write-tree'], { cwd: root, env });
}

async function measure(count: number): Promise<Row> {
  const { rig, git, repo, snapshot, slices } = await makeSlices(count);
  try {
    const [ours, floor]: number[][] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const into = join(rig.dir, `merge-${round}`);
      mkdirSync(into);
      const merging = await elapsed(async () =>
        must(await git.mergeSlices(repo, { base: snapshot, slices, into })),
      );
      const copy = join(rig.dir, 'copy');
      cpSync(rig.root, copy, { recursive: true });
      rig.gitIn(copy, 'status', '--porcelain');
      const applying = await elapsed(() => applyPatches(rig.dir, copy, rig.env, count));
      rmSync(copy, { recursive: true });
      // The first round warms the machine.
      if (round > 0) {
        ours?.push(merging);
        floor?.push(applying);
      }
    }
    const [mine, theirs] = [median(ours ?? []), median(floor ?? [])];
    return { name: `${count} slices merged`, ours: mine, floor: theirs, unit: 'ms', ratio: mine / theirs };
  } finally {
    rig.remove();
  }
}

async function main(): Promise<void> {
  const given = process.argv.slice(2).map(Number).filter(Boolean);
  const counts = given.length > 0 ? given : [2, 10, 40];
  const rows: Row[] = [];
  for (const count of counts) rows.push(await measure(count));
  const { report } = (await import(join(__dirname, 'report.mjs'))) as {
    report: (title: string, rows: Row[]) => void;
  };
  const { growthRow } = (await import(join(__dirname, 'exponent.mjs'))) as {
    growthRow: (name: string, about: string, points: Points) => Row;
  };
  const points = rows.map(({ ours }, at): [number, number] => [counts[at] ?? 1, ours]);
  report('slices of five files merged onto a snapshot, against git apply of the same, one after the other', [
    ...rows,
    growthRow('slices merged', 'slices', points),
  ]);
}

void main();
