import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * What a cage adds to a command: `node tools/bench/cage.mjs [rounds]`, 30 where absent. The same commands by the door that
 * agents and proof commands are started through, with and without one, in turn. Medians in milliseconds.
 */
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const args = ['-r', '@swc-node/register', join(here, 'cage.ts'), ...process.argv.slice(2)];
const { exitCode } = await execa(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  reject: false,
  env: { TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
});
process.exitCode = exitCode ?? 1;
