import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  kitText,
  programPath,
  programText,
  waveText,
  type RigAgent,
} from '../../packages/wave-plugin/src/testing/rig-wave';
import { createWorkspace, type NxRun, type Workspace } from '../e2e/workspace';
import { uncaged } from '../../packages/wave-plugin/src/testing/uncaged';
import { startRemoteCache, type RemoteCache } from '../remote-cache/server';

export const waveFile = 'docs/plans/waves/wave-7.md';
export const contextFile = 'docs/notes/context.md';
export const roleFile = 'docs/agents/small-integration-role.md';

/** Two agents side by side, one that builds on the first, and a steward of the next stage. */
const small: RigAgent[] = [
  { id: 'A1', proofCommands: ['test -f src/A1.txt'] },
  { id: 'A2', reads: [contextFile] },
  { id: 'A3', dependsOn: ['A1'], executor: ['model: small'] },
  { id: 'A8', sections: `### Role prompts\n\n- ${roleFile}\n` },
];

export interface World extends AsyncDisposable {
  /** The first clone. */
  clone: Workspace;
  /** The clone, worktree or second clone that the next launches are made in. */
  at: Workspace;
  remote: RemoteCache;
  /** Writes wave file and programs of the current clone anew after `change` has edited the agents. */
  edit(change: (agents: Record<string, RigAgent>) => void): void;
  add(agent: RigAgent): void;
  /** Text that stands above the agents of the wave file. */
  prose(text: string): void;
  launch(env?: Record<string, string>): Promise<Launched>;
  /** Every start of an agent's program until now, in order. */
  starts(): string[];
}

export interface Launched extends NxRun {
  /** Every start of an agent's program by this launch, by agent id, sorted. */
  ran: string[];
  /** State of the closure record afterwards. */
  state: string;
}

export interface WorldOptions {
  agents?: RigAgent[];
  /** Merged into wave.config.json. */
  config?: Record<string, unknown>;
}

/** A small wave in the workspace of a user, whose agents count their starts outside of every clone. */
export async function createWorld({ agents = small, config = {} }: WorldOptions = {}): Promise<World> {
  let countFile = '';
  let kitUrl = '';
  const clone = createWorkspace('user', (root, dir) => {
    countFile = join(dir, 'starts.txt');
    writeFileSync(countFile, '');
    writeFileSync(join(dir, 'kit.mjs'), kitText(countFile));
    kitUrl = pathToFileURL(join(dir, 'kit.mjs')).href;
    const write = writer(root);
    write('wave.config.json', `${JSON.stringify({ version: 1, ...uncaged(config) }, null, 2)}\n`);
    write(contextFile, 'Bread is baked in the morning.\n');
    write(roleFile, 'You join what the others made.\n');
    writeWave(write, agents, '', kitUrl);
  });
  const remote = await startRemoteCache({ token: 'a-token-of-the-tests' });
  const starts = () => readFileSync(countFile, 'utf8').split('\n').filter(Boolean);
  const world: World = {
    clone,
    at: clone,
    remote,
    edit(change) {
      const edited = agents.map((agent) => ({ ...agent }));
      change(Object.fromEntries(edited.map((agent) => [agent.id, agent])));
      writeWave(world.at.write, edited, '', kitUrl);
    },
    add: (agent) => writeWave(world.at.write, [...agents, agent], '', kitUrl),
    starts,
    prose: (text) => writeWave(world.at.write, agents, text, kitUrl),
    async launch(env = {}) {
      const before = starts().length;
      const run = await world.at.nx(['run', 'wave-7:launch', '--outputStyle=static'], env);
      return { ...run, ran: starts().slice(before).sort(), state: world.at.closure(7).state };
    },
    async [Symbol.asyncDispose]() {
      await remote.close();
      clone.dispose();
    },
  };
  return world;
}

const waveNumber = 7;

type Write = (path: string, text: string) => void;

const writer =
  (root: string): Write =>
  (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

function writeWave(write: Write, wave: RigAgent[], prose: string, kitUrl: string): void {
  write(waveFile, waveText(waveNumber, wave, prose));
  for (const agent of wave) write(programPath(agent.id, waveNumber), programText(agent, kitUrl));
}
