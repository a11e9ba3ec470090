import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { copyPlainFiles, root } from './packages.mjs';

const packages = join(root, 'packages');

/**
 * Writes a TypeScript program of `tools/` with the product in it as one file `<folder>/dist/program.js`. `weakening` (one or a list of
 * `{ file, from, to }`, the file relative to `packages/`) is a negative control: that text is replaced in the bundle (the product has
 * no switch for it), and one that no longer occurs is an error, or the control would prove nothing.
 */
export async function bundleProgram(input, folder, weakening = null) {
  // Role prompts and skills are looked for beside the code.
  copyPlainFiles('wave-plugin', folder);
  const file = join(folder, 'dist', 'program.js');
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: join(root, 'tools', input),
    tsconfig: join(root, 'tsconfig.base.json'),
    transform: { target: 'node20.19' },
    logLevel: 'warn',
    external: ['fast-check'],
    plugins: [ownFolders, ...[weakening ?? []].flat().map(weakened)],
  });
  await bundle.write({ file, format: 'cjs', exports: 'named', codeSplitting: false });
  await bundle.close();
  return file;
}

/** Programs of `tools/` and what serves tests find their files beside their sources; the product finds its own beside the bundle. */
const ownFolders = {
  name: 'own-folders',
  transform: (code, id) =>
    (id.startsWith(join(root, 'tools')) || id.includes('/src/testing/')) && code.includes('__dirname')
      ? code.replaceAll('__dirname', JSON.stringify(dirname(id)))
      : null,
};

function weakened({ file, from, to }) {
  const path = join(packages, file);
  if (!readFileSync(path, 'utf8').includes(from))
    throw new Error(`${file} no longer holds ${JSON.stringify(from)}: mend its negative control.`);
  return {
    name: 'weakened',
    transform: (code, id) => (id === path ? code.replace(from, to) : null),
  };
}
