import { startProgram } from './start-program';

/**
 * Watches over a process group from a process of its own. It is told how long the group may go on; it ends the group then, or
 * at once when its pipe closes: whoever started it was killed. Both clocks count, so that a machine that was asleep is found out.
 */
const program = `
const group = Number(process.argv[1]);
const now = () => ({ wall: Date.now(), steady: performance.now() });
let since = now();
let allowedMs = Infinity;
const end = () => {
  try { process.kill(-group, 'SIGKILL'); } catch {}
  process.exit(0);
};
setInterval(() => {
  const at = now();
  if (Math.max(at.wall - since.wall, at.steady - since.steady) >= allowedMs) end();
}, 500);
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    if (line === 'over') process.exit(0);
    since = now();
    allowedMs = Number(line);
  }
});
process.stdin.on('end', end);
process.stdin.on('error', end);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
`;

export interface Watchdog {
  /** From now on the group may go on for so long. */
  allow(ms: number): void;
  /** The group has ended by itself. */
  close(): void;
}

/** Starts the watchdog of a group; null where it could not be started. */
export async function startWatchdog(group: number, allowedMs: number): Promise<Watchdog | null> {
  const started = await startProgram(process.execPath, ['-e', program, String(group)], {
    cwd: '/',
    env: {},
    detached: true,
  });
  if ('errorCode' in started) return null;
  const { stdin } = started;
  const tell = (line: string) => void stdin.write(`${line}\n`);
  tell(String(Math.max(0, Math.round(allowedMs))));
  return {
    allow: (ms) => tell(String(Math.max(0, Math.round(ms)))),
    close: () => stdin.end('over\n'),
  };
}
