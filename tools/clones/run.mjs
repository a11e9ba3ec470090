import { join } from 'node:path';
import { execa } from 'execa';
import { checkMachine, installIfNeeded } from '../install.mjs';
import { root } from '../packages.mjs';
import { installLibraries } from '../stores/libraries.mjs';

/**
 * `npm run test:clones [-- --long]`: one wave, two clones of its repository, real Nx and a real server of Azure Blob Storage on
 * loopback. Machines are killed and stopped. With `--long` the periods are those of the product and a machine stands still for five minutes.
 */
checkMachine();
installIfNeeded(root);
const words = process.argv.slice(2);
const long = words.includes('--long');
const { exitCode } = await execa(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules', 'jest', 'bin', 'jest.js')],
    ...['--runInBand', '--testMatch', '**/tools/clones/*.clones.ts'],
    ...words.filter((word) => word !== '--long'),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    reject: false,
    env: { WAVE_STORE_LIBRARIES: installLibraries(), ...(long ? { WAVE_CLONES_LONG: '1' } : {}) },
  },
);
process.exitCode = exitCode ?? 1;
