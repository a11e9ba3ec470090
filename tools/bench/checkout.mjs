import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * What the runner adds to an agent: `node tools/bench/checkout.mjs [files …]`, 10000 and 50000 where absent. Prints a table
 * of ratios against plain git doing the same: `git worktree add`, the agent, `git diff`.
 */
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const args = ['-r', '@swc-node/register', join(here, 'checkout.ts'), ...process.argv.slice(2)];
const { exitCode } = await execa(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  reject: false,
  env: { TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
});
process.exitCode = exitCode ?? 1;
