import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../install.mjs';

/** Installs the programs at their pinned versions unless they are there already. Returns the folder. */
export function installPrograms(root, programs) {
  const folder = join(root, '.tmp', 'clis', 'install');
  const missing = programs.filter((program) => !isInstalled(folder, program));
  if (missing.length === 0) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  console.log(`installing ${missing.map((one) => `${one.package}@${one.version}`).join(', ')}`);
  const wanted = programs.map((one) => `${one.package}@${one.version}`);
  // One of them asks for a newer Node than it needs: what runs is a program of its own. What an outer `npm run` has set
  // for this repository is not for this folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
  const npm = spawnSync('npm', ['install', ...flags, ...wanted], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const absent = programs.filter((program) => !isInstalled(folder, program));
  if (npm.status !== 0 || absent.length > 0) {
    fail(
      `These programs could not be installed: ${absent.map((one) => `${one.package}@${one.version}`).join(', ')}. ` +
        'They come from the package registry that npm is configured with; nothing was tested.',
    );
  }
  return folder;
}

function isInstalled(folder, program) {
  const manifest = join(folder, 'node_modules', program.package, 'package.json');
  return (
    existsSync(program.binary(folder)) &&
    existsSync(manifest) &&
    JSON.parse(readFileSync(manifest, 'utf8')).version === program.version
  );
}
