import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.mjs';

/** `npm run check:packages`: what publint and are-the-types-wrong say of the packed packages, before a release. Needs the registry of npm. */
const checkers = [
  (tarball) => ['publint@0.3.25', 'run', tarball, '--strict'],
  // JSON has no types, and a pattern is no entry.
  (tarball) => ['@arethetypeswrong/cli@0.18.5', tarball, '--exclude-entrypoints', 'json-schema/*'],
];
const packed = join(root, '.tmp', `check-packages-${process.pid}`);
mkdirSync(packed, { recursive: true });
let failed = 0;
try {
  execFileSync(process.execPath, [join(root, 'tools', 'build.mjs'), '--into', packed], { stdio: 'inherit' });
  for (const tarball of readdirSync(packed).filter((file) => file.endsWith('.tgz')))
    for (const checker of checkers) {
      const args = ['--yes', ...checker(join(packed, tarball))];
      const { status } = spawnSync('npx', args, { cwd: packed, stdio: 'inherit' });
      if (status !== 0) failed += 1;
    }
} finally {
  rmSync(packed, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
