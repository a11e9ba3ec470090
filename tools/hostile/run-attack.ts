import { execa } from 'execa';
import { createCageEdge } from '../../packages/wave-plugin/src/edges/processes/cage/cage-edge';
import { createProcessEdge } from '../../packages/wave-plugin/src/edges/processes/supervise';
import { type WaveRig } from '../../packages/wave-plugin/src/testing/rig';
import { rigStore } from '../../packages/wave-plugin/src/testing/rig-store';
import { type Attack, type Targets } from './attack';
import { type Decoys } from './decoys';
import { type NxDoor } from './nx-door';
import { bareCheckout, createWorld, type World } from './world';

/** How an attack ended in a launch. */
export interface Ended {
  succeeded: boolean;
  /** Codes of failures, in their order. */
  codes: string[];
  /**
   * The most that was said: `refused` and `named` name what the attack was after; `foretold` says before it starts that
   * nothing is held.
   */
  said: 'refused' | 'named' | 'foretold' | 'nothing';
  /** Everything that was printed. */
  lines: string[];
}

export interface AttackRun {
  attack: Attack;
  by: 'agent' | 'proof';
  decoys: Decoys;
}

/** The attack as a bare program: nothing holds it, nothing looks. */
export async function runBare(run: AttackRun): Promise<boolean> {
  await using world = await createWorld({ ...run, isRun: false });
  const { PATH } = world.rig.env;
  const { stdout } = await execa(process.execPath, ['attacks/attack.mjs'], {
    cwd: bareCheckout(world),
    env: { PATH, HOME: world.targets.home, TMPDIR: world.targets.neighbour },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 300_000,
  });
  return world.hasSucceeded(decoded(stdout.split('\n')));
}

/**
 * The attack in a launch: an agent, or a command that proves its work. By `nx`, as a task of real Nx; without it, by the engine that
 * this task calls.
 */
export async function runLaunched(
  run: AttackRun,
  { caged, nx }: { caged: boolean; nx?: NxDoor | undefined },
): Promise<Ended> {
  await using world = await createWorld({ ...run, isRun: true, door: nx });
  const { rig } = world;
  const launch = nx === undefined ? await byEngine(rig, caged) : readOutput(await nx.run(rig, { caged }));
  const texts = rigStore(rig)
    .texts()
    .map(([, text]) => text);
  const all = [...launch.lines, ...texts].flatMap((text) => text.split('\n'));
  return {
    succeeded: world.hasSucceeded(decoded(all)),
    codes: [...new Set(launch.failures.map(({ code }) => code))],
    said: mostSaid(run, world, launch),
    lines: [...launch.lines, ...launch.failures.map(({ code, message }) => `${code}: ${message}`)],
  };
}

interface Told {
  lines: string[];
  failures: { code: string; message: string }[];
}

function byEngine(rig: WaveRig, caged: boolean): Promise<Told> {
  const none = createCageEdge({ env: { PATH: rig.dir }, folder: rig.dir, platform: 'linux' });
  const processes = createProcessEdge({ graceMs: 500, ...(caged ? {} : { cages: none }) });
  return rig.agent('A1', { processes });
}

/** Failures as a person reads them in the output of a task. */
function readOutput(lines: string[]): Told {
  const failures = lines.flatMap((line) => {
    const [, code, message = ''] = /(?:^|: )error ([a-z]+(?:-[a-z]+)+): (.*)$/.exec(line) ?? [];
    return code === undefined ? [] : [{ code, message }];
  });
  return { lines, failures };
}

function mostSaid({ attack }: AttackRun, { targets }: World, { failures, lines }: Told): Ended['said'] {
  const place = placesOf(attack, targets);
  const names = (text: string) => place.some((one) => text.includes(one));
  if (failures.some(({ message }) => names(message))) return 'refused';
  if (lines.some(names)) return 'named';
  return lines.some((line) => line.includes('without a cage')) ? 'foretold' : 'nothing';
}

/** What a message has to name: the file, or the limit that was reached. */
function placesOf({ harm, aim }: Attack, targets: Targets): string[] {
  if (aim === 'exhaust') return ['limits.memoryMb', 'limits.processes', 'limits.diskMb'];
  if (!('changed' in harm)) return [];
  const path = harm.changed(targets);
  return [path, ...(path.startsWith(`${targets.root}/`) ? [path.slice(targets.root.length + 1)] : [])];
}

/** What attacks have printed as loot, wherever a line of it was kept. */
function decoded(lines: readonly string[]): string {
  return lines
    .flatMap((line) => /loot ([A-Za-z0-9+/=]+)/.exec(line)?.[1] ?? [])
    .map((text) => Buffer.from(Buffer.from(text, 'base64').map((byte) => byte - 1)).toString('utf8'))
    .join('\n');
}
