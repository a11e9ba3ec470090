import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * `npm run proof:cases [-- name … --why]`: cheats and honest slices through the real engine at `exit`, `checked` and `strict`. Writes
 * docs/reference/proof-cases.md and exits 1 below the goals. Takes about ten minutes.
 */
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const args = ['-r', '@swc-node/register', join(here, 'main.ts'), ...process.argv.slice(2)];
const { exitCode } = await execa(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  reject: false,
  env: { TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
});
process.exitCode = exitCode ?? 1;
