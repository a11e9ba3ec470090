import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { copyPlainFiles, isForTests, packageNames, root } from './packages.mjs';

/**
 * Prints a folder with both packages as they are published, without types: what workspaces of tests install. Made anew
 * when any source has changed, kept below `.tmp/test-packages/` otherwise; several processes may ask at the same time.
 */
const compiler = 'node_modules/typescript/package.json';
const files = packageNames.flatMap(filesOf);
const home = join(root, '.tmp', 'test-packages');
const makers = ['tsconfig.base.json', 'tools/packages.mjs', 'tools/test-packages.mjs', compiler];
const folder = join(home, digestOf([...files, ...makers]));
if (!existsSync(folder)) make();
process.stdout.write(folder);

/** Everything that the published package comes from, relative to the root of the repository. */
function filesOf(name) {
  return readdirSync(join(root, 'packages', name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !isForTests(path) && !/[\\/](node_modules|dist)[\\/]/.test(path))
    .sort();
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex').slice(0, 20);
}

function make() {
  const ts = createRequire(join(root, 'package.json'))('typescript');
  const draft = `${folder}.${process.pid}`;
  const { options } = ts.convertCompilerOptionsFromJson(
    JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')).compilerOptions,
    root,
  );
  const compilerOptions = { ...options, sourceMap: false, declaration: false };
  for (const name of packageNames) copyPlainFiles(name, join(draft, name));
  for (const path of files.filter((one) => /[\\/]src[\\/].*\.ts$/.test(one))) {
    const [, name, , ...below] = path.split(/[\\/]/);
    const to = join(draft, name, 'dist', ...below).replace(/\.ts$/, '.js');
    const text = readFileSync(join(root, path), 'utf8');
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, ts.transpileModule(text, { fileName: join(root, path), compilerOptions }).outputText);
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  // Of earlier sources; what is younger may be in use by a run that has just begun.
  const hourAgo = Date.now() - 3_600_000;
  for (const other of readdirSync(home).map((one) => join(home, one)))
    if (other !== folder && statSync(other).mtimeMs < hourAgo)
      rmSync(other, { recursive: true, force: true });
}
