// Tests engine/agent/launch-agent.ts.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWaveRig, type WaveRig } from '../../testing/rig';

jest.setTimeout(120_000);

const repository = join(__dirname, '..', '..', '..', '..', '..');
const program = join(__dirname, '..', '..', 'testing', 'agent-process.ts');

/** One agent task as a process of its own; resolves with its output. */
function startAgent(rig: WaveRig, id: string): Promise<string> {
  const child = spawn(process.execPath, ['-r', '@swc-node/register', program, rig.dir, id], {
    cwd: repository,
    env: rig.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', () => resolve(output)));
}

describe('executors.<id>.maxConcurrent', () => {
  it('holds across processes: a third agent waits, and says so, until one of two is done', async () => {
    const ids = ['A1', 'A2', 'A3'];
    const log = 'LOG';
    // Each agent stays until another one is there too, or has been and gone: three at once would be seen.
    const body = (id: string) => `
      const { appendFileSync, readFileSync } = await import('node:fs');
      const log = ${JSON.stringify(log)};
      appendFileSync(log, 'start ${id}\\n');
      while (readFileSync(log, 'utf8').split('start').length < 3) await new Promise((next) => setTimeout(next, 10));
      appendFileSync(log, 'end ${id}\\n');
      write('src/${id}.txt', '${id}');`;
    await using rig = createWaveRig({
      config: { executors: { default: 'local', local: { maxConcurrent: 2 } } },
      agents: [...ids.map((id) => ({ id, does: body(id) })), { id: 'A0' }],
    });
    const file = join(rig.dir, 'log.txt');
    writeFileSync(file, '');
    rig.edit((agents) => {
      for (const id of ids) {
        const agent = agents[id];
        if (agent) agent.does = body(id).replace(JSON.stringify(log), JSON.stringify(file));
      }
    });
    const outputs = await Promise.all(ids.map((id) => startAgent(rig, id)));
    for (const output of outputs) expect(output).toContain('owned_slice_proven');
    expect(outputs.join('')).toContain('waits for one of 2 places for local');
    let running = 0;
    let most = 0;
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      running += line.startsWith('start') ? 1 : -1;
      most = Math.max(most, running);
    }
    expect([most, running]).toEqual([2, 0]);
  });
});
