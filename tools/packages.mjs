import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Folders below `packages`, in the order in which they build on each other. */
export const packageNames = ['wave-schemas', 'wave-plugin'];

const configSchema = ['wave-schemas', 'json-schema', 'wave-config.schema.json'];

/** Whether a path below `src` is for tests alone and never published. */
export const isForTests = (path) => path.endsWith('.spec.ts') || path.split(/[\\/]/).includes('testing');

/** Puts everything of a package that is published as it stands, all but compiled code, into the folder `to`. */
export function copyPlainFiles(name, to) {
  const from = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  mkdirSync(to, { recursive: true });
  for (const path of ['package.json', 'README.md', ...manifest.files]) {
    if (path !== 'dist' && existsSync(join(from, path)))
      cpSync(join(from, path), join(to, path), { recursive: true });
  }
  for (const path of readdirSync(join(from, 'src'), { recursive: true })) {
    if (path.endsWith('schema.json')) cpSync(join(from, 'src', path), join(to, 'dist', path));
  }
  // The editor of a user finds the schema of the configuration in the one package that everybody has.
  if (manifest.files.includes('json-schema') && !existsSync(join(from, 'json-schema')))
    cpSync(join(root, 'packages', ...configSchema), join(to, ...configSchema.slice(1)));
  cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
}
