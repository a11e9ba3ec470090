import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { copyPlainFiles, root } from '../packages.mjs';

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
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: join(root, 'tools', 'faults', 'doors.ts'),
    tsconfig: join(root, 'tsconfig.base.json'),
    transform: { target: 'node20.19' },
    logLevel: 'warn',
    plugins: weakening === null ? [] : [weakened(weakening)],
  });
  await bundle.write({ file: outfile, format: 'cjs', exports: 'named', codeSplitting: false });
  await bundle.close();
  return outfile;
}

function weakened({ file, from, to }) {
  const path = join(plugin, 'src', file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from))
    throw new Error(`${file} no longer holds ${JSON.stringify(from)}: mend its negative control.`);
  return {
    name: 'weakened',
    transform: (code, id) => (id === path ? code.replace(from, to) : null),
  };
}
