// Tests engine/agent/run-agent.ts and engine/session/work-lease.ts.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProcessTable } from '../../edges/processes/process-table';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { startTask, type StartedTask } from '../../testing/start-task';

/** Works until a file appears outside of every checkout: nobody has to guess how long eight processes need to start. */
const untilReleased = (dir: string) => `
  const { existsSync, watch } = await import('node:fs');
  const released = ${JSON.stringify(dir)} + '/released';
  console.log('begun ' + process.pid);
  await new Promise((done) => {
    const watcher = watch(${JSON.stringify(dir)}, look);
    function look() { if (existsSync(released)) { watcher.close(); done(); } }
    look();
  });
  write('src/A1.txt', 'done');`;

function createRig(config: Record<string, unknown> = {}): WaveRig {
  const rig = createWaveRig({ agents: [{ id: 'A1' }], config });
  rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { does: untilReleased(rig.dir) }));
  rig.git('commit', '-qam', 'an agent that waits');
  return rig;
}

/** Starts eight tasks, lets the agent finish when all others wait for it, and gives how each one ended. */
async function eight(rig: WaveRig, workspaces: readonly string[]): Promise<string[]> {
  const tasks = Array.from({ length: 8 }, (_, at) =>
    startTask(rig, 'A1', workspaces[at % workspaces.length]),
  );
  await allWaiting(tasks);
  writeFileSync(join(rig.dir, 'released'), '');
  const outputs = await Promise.all(tasks.map(({ ended }) => ended));
  return outputs.map((lines) => lines.at(-1) ?? '');
}

/** Resolves when one task has started the agent and every other one says that it waits. */
async function allWaiting(tasks: readonly StartedTask[]): Promise<void> {
  const signs = ['begun', 'waiting: process', 'waits for process'];
  await Promise.all(tasks.map((task) => Promise.race(signs.map((sign) => task.until(sign)))));
}

const all = (word: string) => Array.from({ length: 8 }, () => word);

describe('eight tasks of the same agent at the same moment', () => {
  it('in one clone run it once', async () => {
    await using rig = createRig();
    expect(await eight(rig, ['user'])).toEqual(all('owned_slice_proven'));
    expect(rig.runs()).toEqual({ A1: 1 });
  });

  it('in a clone and its linked worktrees run it once', async () => {
    await using rig = createRig();
    for (const name of ['linked-1', 'linked-2'])
      rig.git('worktree', 'add', '-q', '--detach', join(rig.dir, name));
    expect(await eight(rig, ['user', 'linked-1', 'linked-2'])).toEqual(all('owned_slice_proven'));
    expect(rig.runs()).toEqual({ A1: 1 });
    expect(existsSync(join(rig.dir, 'linked-2/.tmp/main-wave-launcher/handoff/wave-1/A1.json'))).toBe(true);
  });

  it('in clones that share a store run it once', async () => {
    await using rig = createRig({
      store: { path: '../shared-proofs', repository: 'shop', periods: { poll: 0.5 } },
    });
    for (const name of ['clone-1', 'clone-2'])
      execFileSync('git', ['clone', '-q', rig.root, join(rig.dir, name)], { env: rig.env });
    expect(await eight(rig, ['user', 'clone-1', 'clone-2'])).toEqual(all('owned_slice_proven'));
    expect(rig.runs()).toEqual({ A1: 1 });
  });

  it('go on without the one that is killed: its agent is ended, and one of them runs it again', async () => {
    await using rig = createRig();
    const tasks = Array.from({ length: 8 }, () => startTask(rig, 'A1'));
    await allWaiting(tasks);
    const begun = await Promise.race(tasks.map(async (task) => [task, await task.until('begun')] as const));
    const orphan = Number(begun[1].split('begun ')[1]);
    begun[0].child.kill('SIGKILL');
    const others = tasks.filter((task) => task !== begun[0]);
    await Promise.race(others.map(({ until }) => until('begun')));
    expect((await createProcessTable().list()).some(({ pid }) => pid === orphan)).toBe(false);
    writeFileSync(join(rig.dir, 'released'), '');
    const outputs = await Promise.all(others.map(({ ended }) => ended));
    expect(outputs.map((lines) => lines.at(-1))).toEqual(all('owned_slice_proven').slice(1));
    expect(rig.runs()).toEqual({ A1: 2 });
  });
});
