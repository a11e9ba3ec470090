import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundlePackage, publicEntriesOf } from './bundle.mjs';
import { copyPlainFiles, packageNames, root } from './packages.mjs';

/**
 * `npm run build`: both packages as npm would publish them, as folders below `dist/packages/` and packed in `dist/`;
 * `--into <folder>` takes another folder of this repository than `dist`. Nothing is written beside the sources, because Nx prefers a `dist`
 * folder there to the sources that the workspace runs from.
 */
const named = process.argv.indexOf('--into');
const dist = named < 0 ? join(root, 'dist') : resolve(process.argv[named + 1] ?? '');
const out = join(dist, 'packages');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

rmSync(named < 0 ? dist : out, { recursive: true, force: true });
for (const name of packageNames) {
  await build(name);
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', dist, join(out, name)];
  const packed = execFileSync('npm', packing, { encoding: 'utf8', shell: process.platform === 'win32' });
  console.log(`built: ${join(dist, JSON.parse(packed)[0].filename)}`);
}

/** Types of what others import, by the compiler; code by the bundler. */
async function build(name) {
  const to = join(out, name);
  mkdirSync(to, { recursive: true });
  const config = join(to, 'tsconfig.json');
  writeFileSync(config, JSON.stringify(compilerConfig(name, to)));
  execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
  rmSync(config);
  await bundlePackage(name, to);
  copyPlainFiles(name, to);
}

/** The public entries and what they name, compiled against the built package that they build on. */
function compilerConfig(name, to) {
  const src = join(root, 'packages', name, 'src');
  const built = (entry) => [join(out, 'wave-schemas', 'dist', `${entry}.d.ts`)];
  return {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: src,
      outDir: join(to, 'dist'),
      emitDeclarationOnly: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      paths: { '@nx-wave/schemas': built('index'), '@nx-wave/schemas/plain': built('plain') },
    },
    files: publicEntriesOf(name).map((entry) => join(src, `${entry}.ts`)),
    include: [join(root, 'packages', name, '*.d.ts')],
  };
}
