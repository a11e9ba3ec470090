import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * `npm run test:hostile [-- name … --write --why]`: hostile agents and tests where nothing holds them, without a cage and in one.
 * Exits 1 below the goals; `--write` renders docs/reference/hostile-cases.md. Takes about five minutes on a quiet machine.
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
