import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(join(root, 'package.json'));

/** Loads a module of the plugin from its TypeScript source. */
export function loadSource(path) {
  process.chdir(root);
  require('@swc-node/register');
  return require(join(root, 'packages', 'wave-plugin', 'src', path));
}
