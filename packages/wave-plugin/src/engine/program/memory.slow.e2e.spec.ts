// Tests engine/program/run-program.ts and engine/program/listen.ts.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..', '..', '..');

/** In a process of its own: what a test runner holds would hide what a run holds. */
function supervise(mebibytes: number): {
  outcome: string;
  problem: null;
  peakMiB: number;
  shownLines: number;
} {
  const program = join(root, 'packages', 'wave-plugin', 'src', 'testing', 'stream-process.ts');
  const output = execFileSync(process.execPath, ['-r', '@swc-node/register', program, String(mebibytes)], {
    cwd: root,
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as ReturnType<typeof supervise>;
}

describe('supervising a program that never stops talking', () => {
  it('takes no more memory for three hundred mebibytes than for thirty', () => {
    const few = supervise(30);
    const many = supervise(300);
    expect([few.outcome, many.outcome]).toEqual(['success', 'success']);
    expect(many.problem).toBeNull();
    expect(many.peakMiB - few.peakMiB).toBeLessThan(100);
  });
});
