import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localAdapter } from '../../adapters/local.adapter';
import { paidProgram } from '../../testing/paid-program';
import { createWaveRig, type WaveRig } from '../../testing/rig';
import { startTask } from '../../testing/start-task';
import { readNotes, watchWave, type WatchScreen } from './watch-wave';

/** What a watch that is no terminal prints until it ends; `seen` is called with each line. */
async function watch(rig: WaveRig, once: boolean, seen: (line: string) => void = () => undefined) {
  const lines: string[] = [];
  const edges = rig.edges({ now: () => new Date() });
  const open = () => rig.session(edges);
  const session = await open();
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  const print = (line: string) => {
    lines.push(line);
    seen(line);
  };
  const screen: WatchScreen = { window: () => null, draw: () => undefined, print };
  await watchWave(session.value, screen, { once, open });
  return { lines, session: session.value };
}

describe('watching a wave', () => {
  it('follows an agent from its first words to its proof, and ends with the launch', async () => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }, { id: 'A2' }] });
    const go = join(rig.dir, 'go');
    const does = `
      console.log('looks around');
      while (!exists(${JSON.stringify(go)})) await new Promise((next) => setTimeout(next, 20));
      write('src/A1.txt', 'done');`;
    rig.edit((agents) => Object.assign(agents['A1'] ?? {}, { does }));
    const before = rig.fingerprint();
    expect((await watch(rig, false)).lines.slice(-2)).toEqual([
      'next: nx run wave-1:launch',
      expect.stringMatching(/^outcome: open/),
    ]);
    const task = startTask(rig, 'A1');
    await task.until('looks around');
    const { lines } = await watch(rig, false, (line) => {
      if (line.startsWith('A1: working')) writeFileSync(go, '');
    });
    await task.ended;
    expect(lines.filter((line) => line.startsWith('A1: ')).map((line) => line.split(/[,;]/)[0])).toEqual(
      expect.arrayContaining(['A1: working', 'A1: proven']),
    );
    expect(lines.at(-1)).toMatch(/^outcome: open/);
    expect(rig.fingerprint()).toBe(before);
  });

  it('tells what a program has used, which stays when it has ended', async () => {
    await using rig = createWaveRig({
      agents: [
        {
          id: 'A1',
          executorId: 'paid',
          command: null,
          does: `console.log(JSON.stringify({ tokens: 1234, cents: 150 })); write('src/A1.txt', 'one');`,
        },
      ],
      adapters: [paidProgram, localAdapter],
    });
    await rig.launch();
    const { lines, session } = await watch(rig, true);
    expect(lines[1]).toMatch(/^A1: proven, \d+ s, 1234 tokens, \$1\.50; wave-1\/A1\/attempt-1$/);
    expect(await readNotes(session)).toMatchObject([{ unitId: 'A1', phase: 'ended', usage: { usd: 1.5 } }]);
  });
});
