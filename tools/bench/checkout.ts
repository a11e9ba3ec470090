import childProcess, { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../packages/wave-plugin/src/testing/rig';

const rounds = Number(process.env['NX_WAVE_BENCH_ROUNDS'] ?? 5);
const budget = 1.5;

/** As `report.mjs` takes it. */
type Row = {
  name: string;
  ours: number;
  unit: string;
  floor?: number;
  ratio?: number;
  budget?: number;
  points?: [number, number][];
};

/** Calls of git that this process has made; the runner starts every program through `spawn` in the end. */
const gitCalls: string[] = [];
const { spawn } = childProcess;
childProcess.spawn = ((command: string, args: readonly string[], options: object) => {
  if (command === 'git') gitCalls.push(args.find((arg) => /^[a-z]/.test(arg)) ?? '');
  return spawn(command, args, options);
}) as typeof spawn;
// For the execa that the runner loads.
syncBuiltinESMExports();

/** An agent that costs nothing: a shell that edits two files and says that it is done. */
const agentScript = `
mkdir -p src
echo new > src/A1.txt
echo edited >> folder-0/file-0.txt
if [ -n "$WAVE_RESULT_ENVELOPE" ]; then
  mkdir -p "$(dirname "$WAVE_RESULT_ENVELOPE")"
  printf '%s' '{"schemaVersion":2,"agentId":"A1","role":"implementation","proof":{"state":"satisfied","completion":"contract","durability":"none","proofLevel":"unit","detail":null},"implementation":{"docDelta":{"state":"none","paths":[],"detail":null},"components":[]}}' > "$WAVE_RESULT_ENVELOPE"
fi
`;

function createRepository(count: number): WaveRig {
  const files: Record<string, string> = { 'agents/A1.sh': agentScript };
  for (let at = 0; at < count; at += 1) {
    files[`folder-${Math.floor(at / 100)}/file-${at}.txt`] =
      `file ${at}\n${'some words of text\n'.repeat(20)}`;
  }
  return createWaveRig({
    agents: [{ id: 'A1', owns: ['src/A1.txt', 'folder-0/file-0.txt'], command: 'sh agents/A1.sh' }],
    files,
  });
}

const elapsed = async (work: () => Promise<unknown> | unknown): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** What a person without a runner would do for one agent. */
function plainGit(rig: WaveRig, round: number): void {
  const place = join(rig.dir, `plain-${round}`);
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, { cwd, env: rig.env, stdio: 'pipe' });
  git(rig.root, 'worktree', 'add', '-q', '--detach', place);
  execFileSync('sh', ['agents/A1.sh'], { cwd: place, env: rig.env, stdio: 'pipe' });
  git(place, 'add', '-N', '.');
  git(place, 'diff', '--binary', '--full-index');
}

async function withRunner(rig: WaveRig, round: number): Promise<void> {
  // A prompt of its own: nothing is reused.
  rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: `Round ${round}.` }));
  const { failures } = await rig.agent('A1');
  if (failures[0] !== undefined) throw new Error(failures[0].message);
}

async function measure(count: number): Promise<Row[]> {
  const rig = createRepository(count);
  try {
    mkdirSync(join(rig.root, 'src'), { recursive: true });
    const plain: number[] = [];
    const runner: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await elapsed(() => plainGit(rig, round)));
      rmSync(join(rig.dir, `plain-${round}`), { recursive: true });
      rig.git('worktree', 'prune');
      gitCalls.length = 0;
      runner.push(await elapsed(() => withRunner(rig, round)));
    }
    const [ours, floor] = [median(runner), median(plain)];
    return [
      {
        name: `checkout and collect, ${count} files`,
        ours,
        floor,
        unit: 'ms',
        ratio: ours / floor,
        ...budgetOf(count),
      },
      { name: `git processes, ${count} files`, ours: gitCalls.length, unit: 'processes' },
    ];
  } finally {
    rig.dispose();
  }
}

/** On few files the fixed price of the runner is all that there is to see. */
function budgetOf(count: number): { budget?: number } {
  return count >= 10_000 ? { budget } : {};
}

async function main(): Promise<void> {
  const counts = process.argv.slice(2).map(Number).filter(Boolean);
  const rows: Row[] = [];
  for (const count of counts.length > 0 ? counts : [10_000, 50_000]) rows.push(...(await measure(count)));
  const { report } = (await import(join(__dirname, 'report.mjs'))) as {
    report: (title: string, rows: Row[]) => void;
  };
  const { growthRow } = (await import(join(__dirname, 'exponent.mjs'))) as {
    growthRow: (name: string, about: string, points: [number, number][]) => Row;
  };
  const points = rows.flatMap(({ name, ours }): [number, number][] => {
    const size = Number(/^checkout and collect, (\d+) files$/.exec(name)?.[1]);
    return Number.isNaN(size) ? [] : [[size, ours]];
  });
  if (points.length > 1) rows.push(growthRow('checkout and collect', 'files', points));
  report('the runner around an agent against plain git: a worktree, the agent, a diff', rows);
  if (process.env['NX_WAVE_BENCH_CALLS'] === '1') writeFileSync(1, `${gitCalls.join(' ')}\n`);
}

void main();
