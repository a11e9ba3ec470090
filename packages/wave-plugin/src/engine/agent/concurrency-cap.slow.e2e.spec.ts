// Tests engine/agent/launch-agent.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig } from '../../testing/rig';
import { startTask, type StartedTask } from '../../testing/start-task';

/** Resolves when so many of the agents have begun. */
function running(tasks: readonly StartedTask[], wanted: number): Promise<void> {
  let begun = 0;
  return new Promise((resolve) => {
    for (const { until } of tasks) void until('begun').then(() => (begun += 1) === wanted && resolve());
  });
}

describe('executors.<id>.maxConcurrent', () => {
  it('holds across processes: a third agent waits, and says so, until one of two is done', async () => {
    const ids = ['A1', 'A2', 'A3'];
    await using rig = createWaveRig({
      config: { executors: { default: 'local', local: { maxConcurrent: 2 } } },
      agents: [...ids.map((id) => ({ id })), { id: 'A0' }],
    });
    const [log, released] = [join(rig.dir, 'log.txt'), join(rig.dir, 'released')];
    writeFileSync(log, '');
    // Each agent stays until the third one is known to wait, or to run beside the other two.
    const body = (id: string) => `
      const { appendFileSync } = await import('node:fs');
      appendFileSync(${JSON.stringify(log)}, 'start ${id}\\n');
      console.log('begun');
      while (!exists(${JSON.stringify(released)})) await new Promise((next) => setTimeout(next, 10));
      appendFileSync(${JSON.stringify(log)}, 'end ${id}\\n');
      write('src/${id}.txt', '${id}');`;
    rig.edit((agents) => ids.forEach((id) => Object.assign(agents[id] ?? {}, { does: body(id) })));
    const tasks = ids.map((id) => startTask(rig, id));
    const waits = Promise.race(tasks.map(({ until }) => until('waits for one of 2 places for local')));
    await Promise.race([Promise.all([waits, running(tasks, 2)]), running(tasks, 3)]);
    writeFileSync(released, '');
    const outputs = (await Promise.all(tasks.map(({ ended }) => ended))).map((lines) => lines.join('\n'));
    for (const output of outputs) expect(output).toContain('owned_slice_proven');
    expect(outputs.join('\n')).toContain('waits for one of 2 places for local');
    let now = 0;
    let most = 0;
    for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
      now += line.startsWith('start') ? 1 : -1;
      most = Math.max(most, now);
    }
    expect([most, now]).toEqual([2, 0]);
  });
});
