import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createProcessTable } from '../edges/processes/process-table';
import { createWaveRig, type WaveRig } from '../testing/rig';

jest.setTimeout(180_000);

const workspace = resolve(__dirname, '../../../..');

/** The task of an agent in a process of its own, from the real code. */
function startTask(rig: WaveRig, id: string) {
  const program = join(workspace, 'packages/wave-plugin/src/testing/agent-process.ts');
  const child = spawn(process.execPath, ['-r', '@swc-node/register', program, rig.dir, id], {
    cwd: workspace,
    env: { ...rig.env, TS_NODE_PROJECT: join(workspace, 'tsconfig.base.json') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  return {
    child,
    /** Resolves with the first line that holds the text. */
    until: (text: string) =>
      new Promise<string>((found) =>
        lines.on('line', (line) => (line.includes(text) ? found(line) : undefined)),
      ),
  };
}

const isAlive = async (pid: number) => (await createProcessTable().list()).some((one) => one.pid === pid);

describe('a task that is killed while its agent runs', () => {
  it('is taken over at once: the orphan is ended first, and the agent runs again', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: `if (attempt === 1) {
              console.log('begun ' + process.pid);
              process.on('SIGTERM', () => {});
              await new Promise((done) => setTimeout(done, 600_000));
            }
            write('src/A1.txt', 'done');`,
        },
      ],
    });
    const task = startTask(rig, 'A1');
    const orphan = Number((await task.until('begun')).split('begun ')[1]);
    task.child.kill('SIGKILL');
    expect(await isAlive(orphan)).toBe(true);
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: { A1: 1 } });
    expect(await isAlive(orphan)).toBe(false);
  });

  it('is waited for as long as it lives, even when it is stopped', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: "console.log('begun'); await new Promise((done) => setTimeout(done, 300)); write('src/A1.txt', 'done');",
        },
      ],
    });
    const task = startTask(rig, 'A1');
    await task.until('begun');
    task.child.kill('SIGSTOP');
    let ended: Promise<unknown> = Promise.resolve();
    const line = await new Promise<string>((seen) => {
      const print = (text: string) => (text.startsWith('waiting') ? seen(text) : undefined);
      ended = rig.agent('A1', { print });
    });
    expect(line).toBe(`waiting: process ${task.child.pid} is already running agent A1`);
    task.child.kill('SIGCONT');
    expect(await ended).toMatchObject({ tasks: { 'agent-a1': 'reused' }, ran: {} });
    expect(rig.runs()).toEqual({ A1: 1 });
    expect(existsSync(join(rig.root, '.git/nx-wave/attempts/wave-1/A1/attempt-2'))).toBe(false);
  });
});
