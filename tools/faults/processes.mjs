import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** No command of a trial takes a tenth of this, however busy the machine is. */
const limitMs = 600_000;

/**
 * Starts a command below a shell: the engine takes the process above itself for the Nx command that it is part of, and that
 * one has to end with it. `ended` resolves with its exit code and everything that it has printed.
 */
export function start(args, { cwd, env }) {
  const child = spawn('sh', ['-c', '"$0" "$@"; exit $?', process.execPath, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  const timer = setTimeout(() => {
    output += '\nThe trial has ended it: it took too long.';
    child.kill('SIGKILL');
  }, limitMs);
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => {
      clearTimeout(timer);
      // What was written before the end is in the pipe already; an orphan may hold it open for longer.
      setTimeout(() => resolve({ code, output }), 5);
    });
  });
  return { ended, output: () => output, onOutput: (listener) => listeners.add(listener) };
}

const textOf = (path) => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** Living processes whose environment names the folder. */
export function processesOf(dir) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => textOf(`/proc/${pid}/environ`).includes(`${dir}/`))
    .map((pid) => ({
      pid: Number(pid),
      state: stateOf(pid),
      command: textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(),
    }))
    .filter(({ state }) => !'ZX'.includes(state));
}

const stateOf = (pid) => /\) (\S)/.exec(textOf(`/proc/${pid}/stat`))?.[1] ?? 'X';

/** Waits for something that is certain to come, and looks often. */
export async function until(holds, forMs = limitMs) {
  for (const end = Date.now() + forMs; Date.now() < end; await delay(4)) if (holds()) return true;
  return false;
}

export function endAll(processes) {
  for (const { pid } of processes)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
}
