import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a TypeScript program of this repository from its source, with the words of the command line; its exit code becomes ours. */
export async function runTypeScript(program) {
  const { exitCode } = await execa(
    process.execPath,
    ['-r', '@swc-node/register', fileURLToPath(program), ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
      reject: false,
      env: { TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
    },
  );
  process.exitCode = exitCode ?? 1;
}
