import { execFileSync, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * What execa adds to a start of a program: `node tools/bench/start.mjs [rounds]`, 300 where absent. The same program, from
 * the start to the end with its output collected, by `spawn` and by execa in turn; then what loading execa takes in a
 * process of its own. Medians in milliseconds.
 */
const rounds = Number(process.argv[2] ?? 300);
const env = { PATH: process.env.PATH ?? '' };
const cwd = dirname(fileURLToPath(import.meta.url));

const bySpawn = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'pipe' });
    child.stdout.on('data', () => undefined);
    child.stderr.on('data', () => undefined);
    child.stdin.end();
    child.once('error', reject).once('close', resolve);
  });
// As edges/processes/start-program.ts does it.
const byExeca = async (command, args) => {
  const child = execa(command, args, {
    cwd,
    env,
    extendEnv: false,
    buffer: false,
    reject: false,
    cleanup: false,
    encoding: 'buffer',
    verbose: 'none',
  });
  child.stdout.on('data', () => undefined);
  child.stderr.on('data', () => undefined);
  child.stdin.end();
  await child;
};

const elapsed = async (work) => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const shown = (value) => value.toFixed(2).padStart(8);

console.log('start to end, ms      spawn   execa   added');
for (const [command, ...args] of [['true'], ['git', '--version']]) {
  const [plain, ours] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await elapsed(() => bySpawn(command, args)));
    ours.push(await elapsed(() => byExeca(command, args)));
  }
  const [a, b] = [median(plain), median(ours)];
  console.log(`${[command, ...args].join(' ').padEnd(18)}${shown(a)}${shown(b)}${shown(b - a)}`);
}
const timed =
  "const from = performance.now(); import('execa').then(() => console.log(performance.now() - from))";
const loads = Array.from({ length: 15 }, () =>
  Number(execFileSync(process.execPath, ['-e', timed], { cwd, encoding: 'utf8' })),
);
console.log(`loading execa, once in a process: ${median(loads).toFixed(0)} ms`);
