import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../packages.mjs';

/**
 * Clients and servers of the shared store's tests. They are no dependency of this repository: Azurite alone brings 200 MB and four
 * hundred packages. The last ones that run on Node 20.
 */
export const libraries = {
  '@aws-sdk/client-s3': '3.1175.0',
  '@azure/storage-blob': '12.31.0',
  azurite: '3.35.0',
};

/** The folder whose `node_modules` holds them, installed once below `.tmp`. */
export function installLibraries() {
  const place = join(root, '.tmp', 'stores', 'libraries');
  const manifest = `${JSON.stringify({ private: true, dependencies: libraries }, null, 2)}\n`;
  const stamp = join(place, 'installed');
  if (existsSync(stamp)) return place;
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), manifest);
  console.log('installs the clients and servers of the shared store below .tmp (250 MB)');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: place,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(stamp, '');
  return place;
}
