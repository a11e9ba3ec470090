import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessTable } from './process-table';
import { createProcessEdge } from './supervise';

const root = join(__dirname, '..', '..', '..', '..', '..');
const supervisor = join(root, 'packages', 'wave-plugin', 'src', 'testing', 'cancelled-process.ts');
const table = createProcessTable();

let folder: string;
let marker: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wave-survivors-')));
  marker = randomUUID();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * An agent whose children try to outlive it: one in a session of its own that ignores every polite signal, and one that was
 * born twice, in a session of its own, without any of its environment. Each writes its pid; then the agent says so.
 */
const agent = `
  const { spawn } = require('node:child_process');
  const { existsSync } = require('node:fs');
  const stay = "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => {}); require('fs').writeFileSync(NAME, String(process.pid)); setInterval(() => {}, 1e6)";
  const child = (name) => stay.replace('NAME', JSON.stringify(name));
  spawn(process.execPath, ['-e', child('stubborn')], { detached: true, stdio: 'ignore' }).unref();
  const orphan = "require('child_process').spawn(process.execPath, ['-e', " + JSON.stringify(child('orphan')) + "], { detached: true, stdio: 'ignore', env: {} }).unref()";
  spawn(process.execPath, ['-e', orphan], { detached: true, stdio: 'ignore', env: {} }).unref();
  const look = setInterval(() => {
    if (!existsSync('stubborn') || !existsSync('orphan')) return;
    clearInterval(look);
    console.log('ready');
    AFTER
  }, 10);
`;

/** What the children have written. */
const pidsOf = () => ['stubborn', 'orphan'].map((name) => Number(readFileSync(join(folder, name), 'utf8')));

interface Ended {
  said: string[];
  pids: number[];
}

/** Starts the supervisor, acts on it as soon as the agent's children are there, and waits for its end. */
function run(after: string, act: (supervisor: ChildProcess) => void): Promise<Ended> {
  const child = fork(supervisor, [folder, marker, agent.replace('AFTER', after)], {
    cwd: root,
    execArgv: ['-r', '@swc-node/register'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let text = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      const wasUp = text.includes('up');
      text += chunk.toString();
      if (!wasUp && text.includes('up')) act(child);
    });
    child.stdout?.on('close', () => {
      resolve({ said: text.trim().split('\n'), pids: pidsOf() });
    });
  });
}

/** Who still lives; ended here, so that a red test leaves nobody behind either. */
async function living(pids: readonly number[]): Promise<number[]> {
  const all = new Set((await table.list()).map(({ pid }) => pid));
  const marked = (await table.listMarked(marker)).map(({ pid }) => pid);
  const left = [...new Set([...pids.filter((pid) => all.has(pid)), ...marked])];
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return left;
}

describe('children that mean to outlive an agent', () => {
  it.each([
    ['SIGTERM', (child: ChildProcess) => void child.kill('SIGTERM')],
    ['Ctrl-C', (child: ChildProcess) => void child.kill('SIGINT')],
    ['a terminal that closes', (child: ChildProcess) => void child.kill('SIGHUP')],
    ['a lost channel to Nx', (child: ChildProcess) => child.disconnect()],
  ])('are ended by %s', async (_title, act) => {
    const { said, pids } = await run('setInterval(() => {}, 1e6)', act);
    expect(said.at(-1)).toBe('cancelled');
    expect(await living(pids)).toEqual([]);
  });

  it('are ended when the agent comes to its own end', async () => {
    const { said, pids } = await run('process.exit(0)', () => undefined);
    expect(said.at(-1)).toBe('exit');
    expect(await living(pids)).toEqual([]);
  });

  it('are ended where the agent has come and gone before anybody could look at it', async () => {
    const hasEnded = (pid: number) => / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    const exit = await createProcessEdge({ graceMs: 500 }).supervise(
      process.execPath,
      ['-e', agent.replace('AFTER', 'process.exit(0)')],
      {
        cwd: folder,
        ownFolder: folder,
        env: { PATH: process.env.PATH ?? '', WAVE_RUN_MARKER: marker },
        stdin: '',
        hardLimitMs: 60_000,
        idleLimitMs: 0,
        signal: new AbortController().signal,
        onOutput: () => undefined,
        // A machine so busy that this process is late: it does nothing until its child is a zombie.
        onStart: (pid) => {
          while (!hasEnded(pid));
        },
      },
    );
    expect(exit.cause).toBe('exit');
    expect(await living(pidsOf())).toEqual([]);
  });
});
