import { spawn } from 'node:child_process';
import { platform } from 'node:os';

/** A command in a terminal of its own, by the program `script` of the system; `LINE` holds the command. */
const inShell = 'stty rows 40 cols 120; eval "$LINE"';
const script =
  platform() === 'linux' ? ['-qefc', inShell, '/dev/null'] : ['-q', '/dev/null', 'sh', '-c', inShell];
const ctrlC = '\x03';
const enter = '\r';
/** What a generator asks where there is a terminal; a person in a hurry takes what is offered. */
const questions = [/Which program works on agents/];

/**
 * Starts a command line as a person would. `ended` resolves with exit code, output without the marks of a terminal, milliseconds, and
 * whether the TUI of Nx was on; `said` waits for words, and answers whether they came before the end; `interrupt` is Ctrl-C: a terminal hands it on, elsewhere every process of the command gets it.
 */
export function start(line, { cwd, env, inTerminal }) {
  const from = performance.now();
  const child = inTerminal
    ? spawn('script', script, {
        cwd,
        env: { ...env, LINE: line, TERM: 'xterm-256color', NX_TUI: 'true' },
        // Left open: its end would be the end of the terminal.
        stdio: ['pipe', 'pipe', 'pipe'],
      })
    : spawn('sh', ['-c', line], {
        cwd,
        env: { ...env, NX_TUI: 'false' },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
  const chunks = { stdout: [], stderr: [] };
  const asked = [...questions];
  child.stdout.on('data', (chunk) => {
    chunks.stdout.push(chunk);
    if (!inTerminal || asked.length === 0) return;
    const said = plain(Buffer.concat(chunks.stdout).toString('utf8'));
    if (asked[0].test(said) && asked.shift()) child.stdin.write(enter);
  });
  child.stderr.on('data', (chunk) => chunks.stderr.push(chunk));
  const isSaid = (pattern) =>
    pattern.test(plain(Buffer.concat([...chunks.stdout, ...chunks.stderr]).toString('utf8')));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const [stdout, stderr] = [chunks.stdout, chunks.stderr].map((of) => Buffer.concat(of).toString('utf8'));
      resolve({
        command: line,
        code: code ?? 1,
        output: plain(`${stdout}\n${stderr}`),
        tui: otherScreen.test(stdout),
        ms: performance.now() - from,
      });
    });
  });
  return {
    ended,
    said: (pattern) =>
      new Promise((resolve) => {
        const look = () => isSaid(pattern) && resolve(true);
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        child.once('close', () => resolve(isSaid(pattern)));
        look();
      }),
    interrupt: () => (inTerminal ? child.stdin.write(ctrlC) : process.kill(-child.pid, 'SIGINT')),
  };
}

/* eslint-disable no-control-regex -- what a terminal is told begins with a control character. */
const otherScreen = /\x1b\[\?1049h/;

function plain(text) {
  return text
    .replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '')
    .replace(/\r+\n/g, '\n')
    .replace(/\r/g, '\n');
}
