import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { digestOf } from '@nx-wave/schemas/plain';
import { execa } from 'execa';
import { type WaveRig } from '../../packages/wave-plugin/src/testing/rig';
import { copyModules, installationOfUser, installPackages } from '../e2e/install';

const source = resolve(__dirname, '../..');

/** Runs agents of rigs as tasks of real Nx: the published packages, in a workspace, with a cache and a graph of its own. */
export interface NxDoor extends Disposable {
  /** Makes a workspace of the repository of a rig; to be committed by the caller. */
  prepare(rig: WaveRig): void;
  /** Where runs in that workspace have their checkouts. */
  checkoutsOf(rig: WaveRig): string;
  /** `nx run wave-1:agent-a1`: everything that was printed. `caged`: false hides bubblewrap from it. */
  run(rig: WaveRig, options: { caged: boolean }): Promise<string[]>;
}

export function openNxDoor(): NxDoor {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nx-wave-hostile-')));
  const modules = join(dir, 'node_modules');
  copyModules(join(source, 'node_modules'), modules, installationOfUser(source).modules);
  installPackages(source, modules);
  const uncagedPath = pathWithout(join(dir, 'bin'), ['bwrap', 'socat']);
  const temporary = (rig: WaveRig) => join(rig.dir, 'tmp');
  return {
    prepare: (rig) => {
      rig.write('nx.json', `${JSON.stringify({ plugins: ['@nx-wave/plugin'], analytics: false })}\n`);
      rig.write('package.json', `${JSON.stringify({ name: 'attacked', version: '0.0.0', private: true })}\n`);
      linkModules(modules, join(rig.root, 'node_modules'));
    },
    checkoutsOf: (rig) =>
      join(temporary(rig), `nx-wave-${process.getuid?.() ?? -1}`, digestOf(rig.root).slice(0, 12)),
    run: async (rig, { caged }) => {
      mkdirSync(temporary(rig), { recursive: true });
      const nx = join(modules, 'nx', 'package.json');
      const { bin } = JSON.parse(rig.read(join('node_modules', 'nx', 'package.json'))) as {
        bin: { nx: string };
      };
      const { all } = await execa(process.execPath, [join(dirname(nx), bin.nx), 'run', 'wave-1:agent-a1'], {
        cwd: rig.root,
        env: {
          ...rig.env,
          ...(caged ? {} : { PATH: uncagedPath }),
          ...{ TMPDIR: temporary(rig), NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
          ...{ NX_NO_CLOUD: 'true', NX_TUI: 'false' },
        },
        extendEnv: false,
        stdin: 'ignore',
        all: true,
        reject: false,
        timeout: 600_000,
      });
      return all.split('\n');
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A folder with every program of PATH but some: the machine of somebody who has not installed them. */
function pathWithout(folder: string, names: readonly string[]): string {
  mkdirSync(folder);
  for (const from of (process.env['PATH'] ?? '').split(delimiter).filter((one) => one.startsWith('/')))
    for (const name of namesIn(from))
      if (!names.includes(name)) linkUnlessThere(join(from, name), join(folder, name));
  return folder;
}

/** What a workspace finds below its `node_modules`: links, each its own, so that an attack finds a folder of its workspace. */
function linkModules(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of namesIn(from)) {
    if (name.startsWith('@')) linkModules(join(from, name), join(to, name));
    else linkUnlessThere(join(from, name), join(to, name));
  }
}

function linkUnlessThere(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch {
    // The first of a name counts, as on PATH.
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
