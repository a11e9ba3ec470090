import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes every generated file: JSON Schemas and reference pages. The same spec without the switch checks them. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const run = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', jest, 'tools/generated'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NX_WAVE_WRITE_GENERATED: '1' },
  },
);
process.exitCode = run.status ?? 1;
