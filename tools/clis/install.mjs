import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs the programs at their pinned versions unless they are there already. Returns the folder. */
export function installPrograms(root, programs) {
  const folder = join(root, '.tmp', 'clis', 'install');
  const missing = programs.filter((program) => !isInstalled(folder, program));
  if (missing.length === 0) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  console.log(`installing ${missing.map((one) => `${one.package}@${one.version}`).join(', ')}`);
  const wanted = programs.map((one) => `${one.package}@${one.version}`);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...wanted], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
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
