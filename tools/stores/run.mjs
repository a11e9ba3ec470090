import { join } from 'node:path';
import { execa } from 'execa';
import { checkMachine, installIfNeeded } from '../install.mjs';
import { root } from '../packages.mjs';
import { installLibraries } from './libraries.mjs';

/**
 * `npm run test:stores [-- options of Jest]`: the conformance suite of the shared store's backends against real servers, which are
 * installed below `.tmp` and started on loopback. Takes about a minute once they are there.
 */
checkMachine();
installIfNeeded(root);
const { exitCode } = await execa(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules', 'jest', 'bin', 'jest.js')],
    ...['--runInBand', '--testMatch', '**/tools/stores/*.stores.ts', ...process.argv.slice(2)],
  ],
  { cwd: root, stdio: 'inherit', reject: false, env: { WAVE_STORE_LIBRARIES: installLibraries() } },
);
process.exitCode = exitCode ?? 1;
