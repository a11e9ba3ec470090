import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageNames, root } from './packages.mjs';

const builder = createRequire(join(root, 'package.json'));

/** What the bytes of a bundle depend on besides the files of the packages, relative to the root of the repository. */
export const bundleMakers = [
  'tools/bundle.mjs',
  'tools/packages.mjs',
  'tsconfig.base.json',
  'package-lock.json',
];

/**
 * Sources of a package that its `package.json` or `executors.json` names as code that somebody loads, relative to its
 * `src`, without extension: `index`, `executors/agent/agent`. Each becomes one file of the same name below `dist`.
 */
export function entriesOf(name) {
  const { exports, executors } = manifestOf(name);
  const named = Object.values(exports).flatMap(({ default: file }) => file ?? []);
  if (executors !== undefined) {
    const doors = JSON.parse(readFileSync(join(root, 'packages', name, executors), 'utf8')).executors;
    named.push(...Object.values(doors).map(({ implementation }) => implementation));
  }
  return named.map((file) => file.replace(/^\.\/dist\//, '').replace(/\.js$/, ''));
}

/**
 * Writes the code of a package to `<to>/dist`: one CommonJS file with its source map for each entry, so that a task loads one
 * file and not three hundred. What the package declares for its users (dependencies and peers) and Node stay outside; all
 * else goes in, packages of this repository too. Licences of what went in stand in `dist/third-party-licenses.txt`.
 */
export async function bundlePackage(name, to) {
  const { build } = loadEsbuild();
  const src = join(root, 'packages', name, 'src');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entriesOf(name).map((entry) => join(src, `${entry}.ts`)),
    outbase: src,
    outdir: join(to, 'dist'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external: outsideOf(name),
    tsconfig: join(root, 'tsconfig.base.json'),
    // Names and lines of the sources for whoever reads a stack trace; the sources themselves are in the repository.
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const licences = licencesOf(Object.keys(metafile.inputs));
  if (licences !== '') writeFileSync(join(to, 'dist', 'third-party-licenses.txt'), licences);
}

function manifestOf(name) {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}

function loadEsbuild() {
  try {
    return builder('esbuild');
  } catch (error) {
    throw new Error('esbuild, which builds the packages, is not installed. Run: npm ci', { cause: error });
  }
}

/** Packages that a bundle of `name` asks for when it runs. */
function outsideOf(name) {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
  const own = new Set(packageNames.map((one) => manifestOf(one).name));
  return Object.keys({ ...dependencies, ...peerDependencies }).filter((one) => !own.has(one));
}

/** Name, version and licence text of every package that one of the files belongs to. */
function licencesOf(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e/i.test(one));
      const label = `${manifest.name} ${manifest.version}`;
      if (file === undefined) throw new Error(`${label} goes into a bundle and has no licence file.`);
      return `${label} (${manifest.license})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
    })
    .sort()
    .join(`\n${'-'.repeat(72)}\n\n`);
}
