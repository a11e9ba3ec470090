import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A `git` that notes each of its calls and is the real one besides. */
export interface CountedGit {
  /** Environment whose PATH finds it first. */
  env: Record<string, string>;
  /** How many git processes the work started. */
  during(work: () => Promise<unknown>): Promise<number>;
}

/** `dir`: a folder of the test that nothing else writes to. */
export function countGit(dir: string, env: Readonly<Record<string, string>>): CountedGit {
  const bin = join(dir, 'counted-bin');
  const log = join(dir, 'counted.log');
  mkdirSync(bin, { recursive: true });
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(log, '');
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> '${log}'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  const calls = () => readFileSync(log, 'utf8').split('\n').length - 1;
  return {
    env: { ...env, PATH: [bin, env['PATH'] ?? ''].join(delimiter) },
    async during(work) {
      const before = calls();
      await work();
      return calls() - before;
    },
  };
}
