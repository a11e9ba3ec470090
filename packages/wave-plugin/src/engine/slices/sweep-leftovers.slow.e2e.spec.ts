import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProcessTable } from '../../edges/processes/process-table';
import { createWaveRig } from '../../testing/rig';
import { startTask } from '../../testing/start-task';

const isAlive = async (pid: number) => (await createProcessTable().list()).some((one) => one.pid === pid);

describe('a task that is killed while a proof command runs', () => {
  it.each([
    ['for the slice of an agent', 'A1'],
    ['on the merged tree', 'implementation'],
  ])('%s leaves no process of it behind: the next command ends it and says so', async (_title, task) => {
    await using rig = createWaveRig({
      agents: [{ id: 'A1', proofCommands: ['node check.mjs'] }, { id: 'A2' }],
    });
    const [hang, pidFile] = [join(rig.dir, 'hang'), join(rig.dir, 'pid')];
    // Passes until a file says that it is to stay.
    rig.write(
      'check.mjs',
      `import { existsSync, renameSync, writeFileSync } from 'node:fs';
      const pid = ${JSON.stringify(pidFile)};
      if (existsSync(${JSON.stringify(hang)})) {
        process.on('SIGTERM', () => {});
        writeFileSync(pid + '.draft', String(process.pid));
        renameSync(pid + '.draft', pid);
        setInterval(() => {}, 1e6);
      }`,
    );
    if (task !== 'A1') {
      await rig.agent('A1');
      await rig.agent('A2');
    }
    writeFileSync(hang, '');
    const { child } = startTask(rig, task);
    while (!existsSync(pidFile)) await new Promise((next) => setTimeout(next, 20));
    const left = Number(readFileSync(pidFile, 'utf8'));
    child.kill('SIGKILL');
    expect(await isAlive(left)).toBe(true);
    rmSync(hang);
    rig.edit(({ A2 }) => Object.assign(A2 ?? {}, { prompt: 'Something else.' }));
    const { lines } = await rig.agent('A2');
    expect(await isAlive(left)).toBe(false);
    expect(lines).toContain('ended: 1 process that a killed command had left');
    expect(readdirSync(join(rig.dir, 'scratch')).sort()).toEqual(['links', 'runs', 'slots']);
  });
});
