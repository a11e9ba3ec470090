import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * What merging takes: `node tools/bench/merges.mjs [slices …]`, 2, 10 and 40 where absent. Prints a table
 * of times against `git apply` of the same changes.
 */
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const args = ['-r', '@swc-node/register', join(here, 'merges.ts'), ...process.argv.slice(2)];
const { exitCode } = await execa(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  reject: false,
  env: { TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
});
process.exitCode = exitCode ?? 1;
