import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcesses } from './end-processes';
import { createProcessTable } from './process-table';

const stubborn = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1e6)";

describe('endProcesses', () => {
  afterEach(() => jest.restoreAllMocks());

  it('gives up on nobody whom it has not killed, however late a busy machine lets it look again', async () => {
    const child = spawn(process.execPath, ['-e', stubborn], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      const table = createProcessTable();
      const now = performance.now.bind(performance);
      let lateMs = 0;
      jest.spyOn(performance, 'now').mockImplementation(() => now() + lateMs);
      const list = async () => {
        const found = (await table.list()).filter(({ pid }) => pid === child.pid);
        // As if nothing of this process had run for a minute, until the program is killed.
        if (found.length > 0 && lateMs < 180_000) lateMs += 60_000;
        return found;
      };
      expect(await endProcesses(table, list, { graceMs: 1_000 })).toBe(1);
      expect(child.signalCode ?? (await ended)[1]).toBe('SIGKILL');
    } finally {
      child.kill('SIGKILL');
    }
  });
});
