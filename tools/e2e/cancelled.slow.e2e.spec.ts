import { type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createProcessTable } from '../../packages/wave-plugin/src/edges/processes/process-table';
import { createWaveWorkspace, type WaveWorkspace } from './wave-workspace';

const table = createProcessTable();

/** Works for ever, with a child in a session of its own that ignores every polite signal; tells the pids of task, agent and child. */
const agent = (file: string) => `
  const { spawn } = await import('node:child_process');
  const { renameSync, writeFileSync } = await import('node:fs');
  const stay = "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => {}); setInterval(() => {}, 1e6)";
  const child = spawn(process.execPath, ['-e', stay], { detached: true, stdio: 'ignore' });
  writeFileSync(${JSON.stringify(`${file}.draft`)}, [process.ppid, process.pid, child.pid].join(' '));
  renameSync(${JSON.stringify(`${file}.draft`)}, ${JSON.stringify(file)});
  await new Promise(() => setInterval(() => {}, 1e6));`;

describe('an agent whose Nx is ended', () => {
  let clone: WaveWorkspace;
  let file: string;
  beforeAll(() => {
    clone = createWaveWorkspace({ 1: [{ id: 'A1' }, { id: 'A0' }] });
    file = join(clone.dir, 'pids.txt');
    clone.writeWave(1, [{ id: 'A1', does: agent(file) }, { id: 'A0' }]);
  });
  afterAll(() => clone.dispose());

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'by %s is ended with all its children',
    async (signal) => {
      rmSync(file, { force: true });
      let nx: ChildProcess | undefined;
      const run = clone.nx(['run', 'wave-1:agent-a1'], {}, (child) => (nx = child));
      const ended = run.then(() => true);
      while (!existsSync(file)) await pause(50);
      const pids = readFileSync(file, 'utf8').split(' ').map(Number);
      const listed = async () => (await table.list()).filter(({ pid }) => pids.includes(pid));
      expect(await listed()).toHaveLength(3);
      nx?.kill(signal);
      expect(await ended).toBe(true);
      // Nx may be gone before the task that it left behind has ended its agent and kept what it had done.
      const limit = performance.now() + 300_000;
      while ((await listed()).length > 0 && performance.now() < limit) await pause(50);
      const left = await listed();
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
      expect(left).toEqual([]);
    },
  );
});
