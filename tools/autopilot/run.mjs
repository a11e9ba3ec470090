import { join } from 'node:path';
import { execa } from 'execa';
import { checkMachine, installIfNeeded } from '../install.mjs';
import { root } from '../packages.mjs';

/**
 * `npm run test:autopilot [-- options of Jest]`: autopilots in real Nx that take minutes: one that is killed and started again at ten
 * points, a lane of three waves, a budget that stops. Shorter ones are in `tools/e2e`, and run in CI.
 */
checkMachine();
installIfNeeded(root);
const { exitCode } = await execa(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules', 'jest', 'bin', 'jest.js')],
    ...['--runInBand', '--testMatch', '**/tools/autopilot/*.flights.ts', ...process.argv.slice(2)],
  ],
  { cwd: root, stdio: 'inherit', reject: false },
);
process.exitCode = exitCode ?? 1;
