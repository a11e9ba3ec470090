import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** Writes docs/reference/generated/reuse.md from real launches; takes a few minutes. The same spec without the switch checks it. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const { exitCode } = await execa(process.execPath, [jest, 'tools/reuse/reuse.slow'], {
  cwd: root,
  stdio: 'inherit',
  reject: false,
  env: { NX_WAVE_WRITE_GENERATED: '1' },
});
process.exitCode = exitCode ?? 1;
