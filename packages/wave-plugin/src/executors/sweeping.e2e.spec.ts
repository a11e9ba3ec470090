// About with-wave.ts and with-lane.ts: what a killed command left goes with the next one, whichever it is.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { currentOwner } from '../edges/lease/owner';
import { createWaveRig, rigWave, type WaveRig } from '../testing/rig';
import { openEdges } from './open-wave';
import { withLane } from './with-lane';
import { withWave } from './with-wave';

const contextOf = (rig: WaveRig, projectName: string, metadata: object) =>
  ({
    root: rig.root,
    projectName,
    projectsConfigurations: { projects: { [projectName]: { metadata } } },
  }) as unknown as ExecutorContext;

/** A folder below the scratch root of the rig's workspace, of a process that has ended. */
function leave(rig: WaveRig, name: string): string {
  const edges = openEdges(rig.root);
  if (!edges.ok) throw new Error(edges.error.message);
  const folder = join(edges.value.scratchRoot, name);
  mkdirSync(folder);
  const pid = Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString());
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ ...currentOwner(), pid }));
  return folder;
}

it.each(['gate', 'merge', 'prove'])(
  'a %s folder is swept by any command of a wave and of a lane',
  async (kind) => {
    await using rig = createWaveRig({ agents: [{ id: 'A1' }] });
    const seen: boolean[] = [];
    const first = leave(rig, `wave-1-${kind}-12345678`);
    const wave = contextOf(rig, 'wave-1', { wave: { path: rigWave, include: [] } });
    expect(await withWave(wave, async () => seen.push(existsSync(first)) > 0)).toEqual({ success: true });
    const second = leave(rig, `wave-1-${kind}-87654321`);
    const lane = contextOf(rig, 'waves', { lane: { waves: [], include: [] } });
    expect(await withLane(lane, async () => seen.push(existsSync(second)) > 0)).toEqual({ success: true });
    expect(seen).toEqual([false, false]);
  },
);
