import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { agentStarts } from './agent-starts.mjs';
import { checkMachine, fail, installIfNeeded } from './install.mjs';

/** `npm start`: closes the example wave, and says what came from the cache. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
checkMachine();
installIfNeeded(root);
// Only there once the dependencies are.
const { execa } = await import('execa');

const started = process.hrtime.bigint();
const before = agentStarts(root, 'wave-3');
const { status, stdout } = await runNx(['run', 'wave-3:launch', '--outputStyle=static']);
if (status !== 0) fail('\nwave-3 did not close: the reasons and the next command are above.');

const closure = JSON.parse(
  readFileSync(join(root, '.tmp', 'main-wave-launcher', 'closure', 'wave-3.json'), 'utf8'),
);
const cached = new Set(
  [
    ...stdout.matchAll(
      /^> nx run (wave-3:\S+) {2}\[(?:local|remote) cache\]|^> nx run (wave-3:\S+) {2}\[existing outputs/gm,
    ),
  ].map((match) => match[1] ?? match[2]),
);
const tasks = new Set([...stdout.matchAll(/^> nx run (wave-3:\S+)/gm)].map((match) => match[1]));
const ran = [...agentStarts(root, 'wave-3')].filter((attempt) => !before.has(attempt)).length;
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
console.log(`Summary of npm start (${seconds.toFixed(1)} s)`);
console.log(
  `  wave-3: ${closure.state}, ${closure.agents.length} agents proven, ${closure.changes.length} changed paths`,
);
console.log(
  `  tasks:  ${tasks.size}, of which ${cached.size} served from the cache; agents that ran: ${ran}`,
);
if (tasks.size > 0 && cached.size === tasks.size)
  console.log('  everything was served from the cache: nothing was run or paid again');
console.log('  record: .tmp/main-wave-launcher/closure/wave-3.json');

/** Runs Nx with its output shown as it comes, and kept for the summary. */
async function runNx(args) {
  const manifest = createRequire(join(root, 'package.json')).resolve('nx/package.json');
  const bin = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.nx);
  const child = execa(process.execPath, [bin, ...args], {
    cwd: root,
    env: { NX_TUI: 'false' },
    stdin: 'ignore',
    stdout: ['pipe', 'inherit'],
    stderr: 'inherit',
    reject: false,
    maxBuffer: Infinity,
    forceKillAfterDelay: false,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const { exitCode, stdout } = await child;
  return { status: exitCode ?? 1, stdout: stripVTControlCharacters(stdout) };
}
