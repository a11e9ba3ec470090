import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What a run is killed at: a line of its output, or a file that a program writes. */
export type KillPoint = { output: RegExp } | { file: string };

/** Kills a process with all that it has started, once it has come to a point. Tells whether it did. */
export function killAt(child: ChildProcess, point: KillPoint): { happened(): boolean } {
  let output = '';
  let killed = false;
  const look = () => {
    const reached = 'file' in point ? existsSync(point.file) : point.output.test(output);
    if (killed || !reached || child.pid === undefined) return;
    killed = true;
    clearInterval(timer);
    killTree(child.pid);
  };
  const timer = setInterval(look, 20);
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer | string) => {
      output += chunk.toString();
      look();
    });
  child.once('exit', () => clearInterval(timer));
  return { happened: () => killed };
}

/** With SIGKILL, a parent before its children: nobody gets to tidy up. */
function killTree(root: number): void {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const parents = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((pair): pair is [number, number] => pair.length === 2);
  const tree = [root];
  for (const parent of tree) tree.push(...parents.filter(([, ppid]) => ppid === parent).map(([pid]) => pid));
  for (const pid of tree) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
