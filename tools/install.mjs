import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest Node that the dependencies run on. */
const oldestNode = [20, 19];

/** Fails with a sentence when Node or git is missing or too old. */
export function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    fail(`Node ${process.versions.node} is too old: install Node ${oldestNode.join('.')} or newer.`);
  }
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' });
  if (git.status !== 0) fail('git is not on PATH: install git 2.38 or newer.');
}

/** Installs the locked dependencies when they are missing or the lockfile has changed since. */
export function installIfNeeded(root) {
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const marker = join(root, 'node_modules', '.nx-wave-installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockfile) return;
  console.log('Installing dependencies (once) ...');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) fail('npm ci failed: see the output above.');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(marker, lockfile);
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
