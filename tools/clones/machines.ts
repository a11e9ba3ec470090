import { type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProcessTable,
  descendantsOf,
} from '../../packages/wave-plugin/src/edges/processes/process-table';
import { type Workspace, type NxRun } from '../e2e/workspace';
import { librariesFolder } from '../stores/load';

const table = createProcessTable();

/** One launch of a wave in one clone, and what it takes to kill or to stop all of it as a machine would. */
export interface Machine {
  ended: Promise<NxRun>;
  /** Resolves when it has printed the text. */
  says(text: string): Promise<void>;
  /** To Nx and everything below it, agents too; as one: nobody sees the other end first. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
}

/** Launches a wave as a machine of a run of CI does. */
export function launch(clone: Workspace, wave: number, env: Record<string, string>): Machine {
  let nx: ChildProcess | null = null;
  let output = '';
  const waiting: { text: string; found: () => void }[] = [];
  const ended = clone.nx(
    ['run', `wave-${wave}:launch`, '--outputStyle=stream', '--parallel=2'],
    { NX_CI_EXECUTION_ID: `run-${wave}`, ...env },
    (child) => {
      nx = child;
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          for (const { text, found } of waiting) if (output.includes(text)) found();
        });
    },
  );
  return {
    ended,
    says: (text) =>
      output.includes(text)
        ? Promise.resolve()
        : Promise.race([
            new Promise<void>((found) => void waiting.push({ text, found })),
            ended.then((run) => {
              if (!run.output.includes(text)) throw new Error(`never said "${text}":\n${run.output}`);
            }),
          ]),
    async signal(name) {
      const pid = nx?.pid ?? 0;
      const family = [pid, ...descendantsOf(await table.list(), [pid]).map((one) => one.pid)];
      for (const one of family) signalOne(one, name);
    },
  };
}

export function signalOne(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    return;
  }
}

/** Agents tell what they are here, and wait here for what the test allows. */
export interface Place {
  dir: string;
  /** The agent of a wave that is at work, once it is. */
  begun(wave: number): Promise<{ pid: number; ppid: number }>;
  release(wave: number): void;
}

export function openPlace(dir: string): Place {
  mkdirSync(dir);
  return {
    dir,
    async begun(wave) {
      const path = join(dir, `begun-${wave}`);
      await until(dir, () => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'));
      return JSON.parse(readFileSync(path, 'utf8')) as { pid: number; ppid: number };
    },
    release: (wave) => writeFileSync(join(dir, `released-${wave}`), ''),
  };
}

function until(dir: string, holds: () => boolean): Promise<void> {
  return new Promise((done) => {
    const watcher = watch(dir, look);
    function look() {
      if (!holds()) return;
      watcher.close();
      done();
    }
    look();
  });
}

/** Resolves when no process has that number. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    if (!(await table.list()).some((one) => one.pid === pid)) return;
    await new Promise(setImmediate);
  }
}

/** An agent that leaves half of its file and waits; whoever finds that half makes it whole. */
export const halfThenWhole = (dir: string) => `
  const { watch } = await import('node:fs');
  const dir = ${JSON.stringify(dir)};
  const wave = env.WAVE_NUMBER;
  const file = 'src/A1-' + wave + '.txt';
  const released = () => exists(dir + '/released-' + wave);
  if (!exists(file) && !released()) {
    write(file, 'half');
    write(dir + '/begun-' + wave, JSON.stringify({ pid: process.pid, ppid: process.ppid }) + '\\n');
    await new Promise((done) => watch(dir, () => released() && done()));
  }
  write(file, (exists(file) ? 'half' : 'nothing') + ' and whole');`;

/** A program that costs, found as \`codex\`: does the work of any agent at once, as its stream tells. */
export function writePaidProgram(folder: string, kitFile: string): string {
  mkdirSync(folder);
  const path = join(folder, 'codex');
  writeFileSync(
    path,
    `#!${process.execPath}
import(${JSON.stringify(pathToFileURL(kitFile).href)}).then((kit) => {
  const say = (event) => console.log(JSON.stringify(event));
  say({ type: 'thread.started', thread_id: '1' });
  kit.write('src/' + kit.env.WAVE_AGENT_ID + '-' + kit.env.WAVE_NUMBER + '.txt', 'paid for');
  kit.finish();
  say({ type: 'turn.completed', usage: { input_tokens: 500, cached_input_tokens: 0, output_tokens: 10 } });
});
`,
  );
  chmodSync(path, 0o755);
  return folder;
}

/** What a person installs beside the plugin for a store in Azure. */
export function installClient(clone: Workspace): void {
  const scope = join(clone.root, 'node_modules', '@azure');
  if (!existsSync(scope)) symlinkSync(join(librariesFolder, 'node_modules', '@azure'), scope);
}
