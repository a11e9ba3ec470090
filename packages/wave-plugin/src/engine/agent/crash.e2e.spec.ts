// Tests engine/agent/rescue-attempts.ts and engine/slices/sweep-leftovers.ts.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderOwner } from '../../edges/git/folder-owner';
import { currentOwner, livenessOf } from '../../edges/lease/owner';
import { createProcessTable } from '../../edges/processes/process-table';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { startTask } from '../../testing/start-task';

const patchOf = (rig: WaveRig, attempt: number) =>
  rig.read(`.git/nx-wave/attempts/wave-1/A1/attempt-${attempt}/bundle/changes.patch`);

const isAlive = async (pid: number) => (await createProcessTable().list()).some((one) => one.pid === pid);

describe('a task that is killed while its agent runs', () => {
  it('is taken over at once: the orphan is ended, and the next attempt goes on from what it had written', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: `if (attempt === 1) {
              process.on('SIGTERM', () => {});
              write('src/A1.txt', 'half');
              console.log('begun ' + process.pid);
              await new Promise((done) => setTimeout(done, 600_000));
            }
            write('src/A1.txt', exists('src/A1.txt') ? read('src/A1.txt') + ' and done' : 'from the start');`,
        },
      ],
    });
    const before = rig.fingerprint();
    const task = startTask(rig, 'A1');
    const orphan = Number((await task.until('begun')).split('begun ')[1]);
    task.child.kill('SIGKILL');
    expect(await isAlive(orphan)).toBe(true);
    const again = await rig.agent('A1');
    expect(again).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: { A1: 1 } });
    expect(again.lines).toContain('rescued: 1 file of attempt 1, whose runner was ended');
    expect(await isAlive(orphan)).toBe(false);
    expect(patchOf(rig, 1)).toContain('+half');
    expect(patchOf(rig, 2)).toContain('+half and done');
    expect(rig.fingerprint()).toBe(before);
    // Nothing of the killed run is left in the scratch folder: links of all commands, places that were given back, and what a living one has.
    expect(readdirSync(join(rig.dir, 'scratch')).sort()).toEqual(['links', 'runs', 'slots']);
  });

  it('is only verified when its agent had already finished', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: `write('src/A1.txt', 'whole'); envelope();
            console.log('finished'); await new Promise((done) => setTimeout(done, 600_000));`,
        },
      ],
    });
    const task = startTask(rig, 'A1');
    await task.until('finished');
    task.child.kill('SIGKILL');
    expect(await rig.agent('A1')).toMatchObject({ tasks: { 'agent-a1': 'proven' }, ran: {} });
    expect(rig.runs()).toEqual({ A1: 1 });
  });

  it('keeps its work from a sibling that sweeps, and from a change of what it is asked', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: `write('src/A1.txt', 'half'); console.log('begun');
            if (attempt === 1) await new Promise((done) => setTimeout(done, 600_000));`,
        },
        { id: 'A2' },
      ],
    });
    const task = startTask(rig, 'A1');
    await task.until('begun');
    task.child.kill('SIGKILL');
    expect(await rig.agent('A2')).toMatchObject({ tasks: { 'agent-a2': 'proven' } });
    rig.edit(({ A1 }) => Object.assign(A1 ?? {}, { prompt: 'Something else.' }));
    const again = await rig.agent('A1');
    expect(again.lines).toContain('rescued: 1 file of attempt 1, whose runner was ended');
    expect(patchOf(rig, 1)).toContain('+half');
  });

  it('leaves a checkout that belongs to the runner which takes its work over, from before anything is written there', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          does: `write('src/A1.txt', 'whole'); envelope();
            console.log('finished'); await new Promise((done) => setTimeout(done, 600_000));`,
        },
      ],
    });
    const scratch = join(rig.dir, 'scratch');
    const task = startTask(rig, 'A1');
    await task.until('finished');
    task.child.kill('SIGKILL');
    const home = readdirSync(scratch).find((name) => name.startsWith('wave-1-A1-')) ?? '';
    const ownerAtRescue: FolderOwner[] = [];
    await rig.agent('A1', {
      print: (line) => {
        if (line.startsWith('rescued'))
          ownerAtRescue.push(
            JSON.parse(readFileSync(join(scratch, home, 'owner.json'), 'utf8')) as FolderOwner,
          );
      },
    });
    expect(ownerAtRescue.map((owner) => livenessOf(owner, currentOwner()))).toEqual(['alive']);
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
