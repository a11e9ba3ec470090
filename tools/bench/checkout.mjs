import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What the runner adds to an agent: `node tools/bench/checkout.mjs [files …]`, 10000 and 50000 where absent. Prints a table
 * of ratios against plain git doing the same: `git worktree add`, the agent, `git diff`.
 */
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const run = spawnSync(
  process.execPath,
  ['-r', '@swc-node/register', join(here, 'checkout.ts'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
  },
);
process.exitCode = run.status ?? 1;
