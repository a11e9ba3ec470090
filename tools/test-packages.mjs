import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleMakers, bundlePackage } from './bundle.mjs';
import { copyPlainFiles, isForTests, packageNames, root } from './packages.mjs';

/**
 * Prints a folder with both packages as they are published, without types: what workspaces of tests install. Made anew
 * when any source has changed, kept below `.tmp/test-packages/` otherwise; several processes may ask at the same time.
 */
const files = packageNames.flatMap(filesOf);
const home = join(root, '.tmp', 'test-packages');
const folder = join(home, digestOf([...files, ...bundleMakers, 'tools/test-packages.mjs']));
if (!existsSync(folder)) await make();
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

async function make() {
  const draft = `${folder}.${process.pid}`;
  for (const name of packageNames) {
    copyPlainFiles(name, join(draft, name));
    await bundlePackage(name, join(draft, name));
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
