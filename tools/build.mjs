import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run build`: both packages as npm would publish them, as folders below `dist/packages/` and packed in `dist/`. Nothing is written beside the sources,
 * because Nx prefers a `dist` folder there to the sources that the workspace runs from.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist', 'packages');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

rmSync(dirname(out), { recursive: true, force: true });
for (const name of ['wave-schemas', 'wave-plugin']) {
  build(name);
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', dirname(out), join(out, name)];
  const packed = execFileSync('npm', packing, { encoding: 'utf8', shell: process.platform === 'win32' });
  console.log(`built: dist/${JSON.parse(packed)[0].filename}`);
}

function build(name) {
  const from = join(root, 'packages', name);
  const to = join(out, name);
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  mkdirSync(to, { recursive: true });
  const config = join(to, 'tsconfig.json');
  writeFileSync(config, JSON.stringify(compilerConfig(from, to)));
  execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
  rmSync(config);
  for (const path of ['package.json', ...manifest.files, 'executors.json']) {
    if (path !== 'dist' && existsSync(join(from, path)))
      cpSync(join(from, path), join(to, path), { recursive: true });
  }
  for (const path of readdirSync(join(from, 'src'), { recursive: true })) {
    if (path.endsWith('schema.json')) cpSync(join(from, 'src', path), join(to, 'dist', path));
  }
  for (const path of ['LICENSE', 'README.md']) cpSync(join(root, path), join(to, path));
}

/** Sources without their tests, compiled against the built package that they build on. */
function compilerConfig(from, to) {
  const built = (entry) => [join(out, 'wave-schemas', 'dist', `${entry}.d.ts`)];
  return {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: join(from, 'src'),
      outDir: join(to, 'dist'),
      sourceMap: false,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      paths: { '@nx-wave/schemas': built('index'), '@nx-wave/schemas/plain': built('plain') },
    },
    include: [join(from, 'src', '**', '*.ts'), join(from, '*.d.ts')],
    exclude: [join(from, 'src', '**', '*.spec.ts'), join(from, 'src', '**', 'testing', '**')],
  };
}
