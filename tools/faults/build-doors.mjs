import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { copyPlainFiles, root } from '../packages.mjs';

const { build } = createRequire(join(root, 'package.json'))('esbuild');
const plugin = join(root, 'packages', 'wave-plugin');

/**
 * Writes the doors of the product as one file `<folder>/dist/doors.js`, bundled as the published ones are. `weakening`
 * (`{ file, from, to }`, the file relative to the sources of the plugin) is a negative control: that text is replaced in
 * the bundle, and one that no longer occurs is an error, or the control would prove nothing.
 */
export async function buildDoors(folder, weakening = null) {
  // Role prompts and skills are looked for beside the code.
  copyPlainFiles('wave-plugin', folder);
  const outfile = join(folder, 'dist', 'doors.js');
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'tools', 'faults', 'doors.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    tsconfig: join(root, 'tsconfig.base.json'),
    legalComments: 'none',
    logLevel: 'warning',
    plugins: weakening === null ? [] : [weakened(weakening)],
  });
  return outfile;
}

function weakened({ file, from, to }) {
  const path = join(plugin, 'src', file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from))
    throw new Error(`${file} no longer holds ${JSON.stringify(from)}: mend its negative control.`);
  return {
    name: 'weakened',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === path ? { contents: text.replace(from, to), loader: 'ts' } : undefined,
      ),
  };
}
