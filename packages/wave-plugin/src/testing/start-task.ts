import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type WaveRig } from './rig';

const source = resolve(__dirname, '../../../..');

/** The task of an agent in a process of its own. */
export interface StartedTask {
  child: ChildProcess;
  /** Resolves with the first line that holds the text, past ones included. */
  until(text: string): Promise<string>;
  /** Resolves when the process has ended, with everything that it printed. */
  ended: Promise<string[]>;
}

/** Starts the task of an agent, or the gate of a stage, from the real code, in the rig's own workspace or in another folder of the rig. */
export function startTask(rig: WaveRig, id: string, workspace = 'user'): StartedTask {
  const program = join(source, 'packages/wave-plugin/src/testing/agent-process.ts');
  const child = spawn(process.execPath, ['-r', '@swc-node/register', program, rig.dir, id, workspace], {
    cwd: source,
    env: { ...rig.env, TS_NODE_PROJECT: join(source, 'tsconfig.base.json') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => void seen.push(line));
  return {
    child,
    until: (text) =>
      new Promise((found) => {
        const past = seen.find((line) => line.includes(text));
        if (past !== undefined) found(past);
        lines.on('line', (line) => (line.includes(text) ? found(line) : undefined));
      }),
    ended: new Promise((done) => lines.on('close', () => done(seen))),
  };
}
