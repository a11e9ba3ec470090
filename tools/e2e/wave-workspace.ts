import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  kitText,
  programPath,
  programText,
  waveText,
  type RigAgent,
} from '../../packages/wave-plugin/src/testing/rig-wave';
import { uncaged } from '../../packages/wave-plugin/src/testing/uncaged';
import { createWorkspace, type Workspace } from './workspace';

export interface WaveWorkspace extends Workspace {
  /** Writes `wave-<n>.md` and the programs of its agents, uncommitted. */
  writeWave(wave: number, agents: readonly RigAgent[], header?: string): void;
  /** How often the program of each agent has been started, counted by the programs themselves. */
  started(): Record<string, number>;
}

/** The workspace of a user with real Nx, the published packages and the waves of a test. */
export function createWaveWorkspace(
  waves: Record<number, readonly RigAgent[]>,
  config: Record<string, unknown> = {},
): WaveWorkspace {
  const clone = createWorkspace('user');
  const countFile = join(clone.root, '..', 'runs.txt');
  const kitFile = join(clone.root, '..', 'kit.mjs');
  writeFileSync(countFile, '');
  writeFileSync(kitFile, kitText(countFile));
  clone.write('wave.config.json', `${JSON.stringify({ version: 1, ...uncaged(config) }, null, 2)}\n`);
  clone.write('src/base.txt', 'the base\n');
  const writeWave: WaveWorkspace['writeWave'] = (wave, agents, header) => {
    clone.write(`docs/plans/waves/wave-${wave}.md`, waveText(wave, agents, header));
    for (const agent of agents) {
      if (agent.does === null) clone.remove(programPath(agent.id, wave));
      else clone.write(programPath(agent.id, wave), programText(agent, pathToFileURL(kitFile).href));
    }
  };
  for (const [wave, agents] of Object.entries(waves)) writeWave(Number(wave), agents);
  clone.git('add', '-A');
  clone.git('commit', '-q', '-m', 'waves of a test');
  return {
    ...clone,
    writeWave,
    started: () => {
      const counts: Record<string, number> = {};
      for (const id of readFileSync(countFile, 'utf8').split('\n').filter(Boolean))
        counts[id] = (counts[id] ?? 0) + 1;
      return counts;
    },
  };
}
