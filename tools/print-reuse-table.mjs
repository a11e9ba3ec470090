import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes docs/reference/generated/reuse.md from real launches; takes a few minutes. The same spec without the switch checks it. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const args = ['--experimental-vm-modules', '--no-warnings', jest, 'tools/reuse/reuse.slow'];
const run = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NX_WAVE_WRITE_GENERATED: '1' },
});
process.exitCode = run.status ?? 1;
