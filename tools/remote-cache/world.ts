import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorld as createReuseWorld, type World as ReuseWorld } from '../reuse/world';
import type { NxRun, Workspace } from '../e2e/workspace';
import { startRemoteCache, type RemoteCache } from './server';
import { switchOff, type CheckName } from './switched-off';

/** What the first agent does: what is asked of it, what no proof command would pass, or more than it owns. */
export type Deed = 'good' | 'bad' | 'outside';

/** A clone after a launch, or another command, in it. */
export interface Ran extends NxRun {
  /** Every start of an agent's program by this command, by agent id, sorted. */
  ran: string[];
  /** State of the closure record afterwards; null where there is none. */
  state: string | null;
}

/** A place where waves are launched, with one remote cache or none. */
export interface Place {
  at: Workspace;
  run(target: string, options?: { args?: string[]; env?: Record<string, string> }): Promise<Ran>;
  launch(env?: Record<string, string>): Promise<Ran>;
}

/** A repository with one small wave, a remote cache, and as many clones as a test wants. */
export interface World extends AsyncDisposable {
  /** The clone that everything is cloned from. */
  first: Place;
  remote: RemoteCache;
  /** Every start of an agent's program until now, in any clone. */
  starts(): string[];
  /** A server of one scenario alone, for those that kill it. */
  ownServer(): Promise<RemoteCache>;
  /** A fresh clone of the last commit: its own git directory, Nx cache and packages. */
  clone(options?: { without?: CheckName | undefined }): Place;
  /** Launches the wave for somebody whose agents do something else, and gives what is in their cache afterwards. */
  forge(deed: Deed): Promise<Map<string, Buffer>>;
}

export const tokens = { write: 'a-token-that-writes', read: 'a-token-that-reads' };

/** One implementation agent with a proof command, and the steward who joins what was made. */
export async function createWorld(config: Record<string, unknown> = {}): Promise<World> {
  const inner = await createReuseWorld({ agents: [{ id: 'A1' }, { id: 'A8' }], config });
  const { clone: first } = inner;
  const [deedFile, wantedFile] = [join(first.dir, 'deed.txt'), join(first.dir, 'wanted.txt')];
  const sayDeed = (deed: Deed) => {
    writeFileSync(deedFile, deed);
    writeFileSync(wantedFile, deed === 'bad' ? 'bad\n' : 'good\n');
  };
  sayDeed('good');
  inner.edit(({ A1 }) =>
    Object.assign(A1 ?? {}, {
      // Outside of the repository, so that all clones ask for the same work whatever is done.
      does: `const deed = read(${JSON.stringify(deedFile)});
write('src/A1.txt', deed === 'bad' ? 'bad\\n' : 'good\\n');
if (deed === 'outside') write('docs/notes/outside.md', 'Nobody has asked for this.\\n');`,
      proofCommands: [`grep -q -f ${wantedFile} src/A1.txt`],
    }),
  );
  first.git('commit', '-qam', 'what the agents do');
  const start = () => startRemoteCache({ token: tokens.write, readToken: tokens.read });
  const remote = await start();
  const place = (at: Workspace) => placeOf(inner, at);
  let clones = 0;
  const world: World = {
    first: place(first),
    remote,
    starts: inner.starts,
    ownServer: start,
    clone({ without } = {}) {
      const at = first.sibling(`clone-${(clones += 1)}`, 'clone');
      if (without !== undefined) switchOff(at.root, without);
      return place(at);
    },
    async forge(deed) {
      await using theirs = await start();
      const attacker = world.clone({ without: deed === 'outside' ? 'own ownership' : undefined });
      sayDeed(deed);
      try {
        await attacker.launch(theirs.env());
      } finally {
        sayDeed('good');
      }
      return theirs.entries;
    },
    async [Symbol.asyncDispose]() {
      await remote.close();
      await inner[Symbol.asyncDispose]();
    },
  };
  return world;
}

function placeOf(inner: ReuseWorld, at: Workspace): Place {
  const run: Place['run'] = async (target, { args = [], env = {} } = {}) => {
    const before = inner.starts().length;
    const done = await at.nx(['run', `wave-7:${target}`, '--outputStyle=static', ...args], env);
    return { ...done, ran: inner.starts().slice(before).sort(), state: stateOf(at) };
  };
  return { at, run, launch: (env = {}) => run('launch', { env }) };
}

function stateOf(at: Workspace): string | null {
  try {
    return at.closure(7).state;
  } catch {
    return null;
  }
}

/** What a command printed as JSON, among the lines of Nx. */
export function printedJson(output: string): Record<string, unknown> {
  const line = output.split('\n').find((one) => one.startsWith('{'));
  return JSON.parse(line ?? '{}') as Record<string, unknown>;
}
