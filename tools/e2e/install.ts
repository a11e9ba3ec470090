import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** What npm would write and install for somebody who uses Nx and the packages under test, and nothing else. */
export interface UserInstallation {
  manifest: object;
  lock: object;
  /** Packages at the top of `node_modules`, those under test not among them. */
  modules: string[];
}

export function installationOfUser(source: string): UserInstallation {
  const { packages } = JSON.parse(readFileSync(join(source, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const own = { schemas: packages['packages/wave-schemas'], plugin: packages['packages/wave-plugin'] };
  const places = new Set<string>();
  const visit = (place: string): void => {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[place] ?? {};
    const peers = Object.keys(peerDependencies ?? {}).filter(
      (name) => !peerDependenciesMeta?.[name]?.optional,
    );
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
      const at = placeOf(name, place, (one) => one in packages && existsSync(join(source, one)));
      if (at === null || places.has(at) || at.startsWith('node_modules/@nx-wave/')) continue;
      places.add(at);
      visit(at);
    }
  };
  visit('packages/wave-schemas');
  visit('packages/wave-plugin');
  const installed = [...places].sort().filter((place) => place.startsWith('node_modules/'));
  const devDependencies = {
    '@nx-wave/plugin': own.plugin?.version,
    nx: packages['node_modules/nx']?.version,
  };
  const manifest = { name: 'somebody-else', version: '0.0.0', private: true, devDependencies };
  const locked = {
    '': manifest,
    ...Object.fromEntries(installed.map((place) => [place, packages[place]])),
    'node_modules/@nx-wave/schemas': own.schemas,
    'node_modules/@nx-wave/plugin': own.plugin,
  };
  return {
    manifest,
    lock: { name: manifest.name, version: '0.0.0', lockfileVersion: 3, requires: true, packages: locked },
    modules: installed
      .filter((place) => place.lastIndexOf('node_modules/') === 0)
      .map((place) => place.slice('node_modules/'.length)),
  };
}

/** Where `require(name)` of the package at `from` ends, as the lockfile names it; null for what is not installed here. */
function placeOf(name: string, from: string, isThere: (place: string) => boolean): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (isThere(place)) return place;
    if (folder === '') return null;
  }
}

/** Installs what `from` has, as hard links where the disk has them: everything, or the packages that are named. */
export function copyModules(from: string, to: string, names: readonly string[] | 'all'): void {
  mkdirSync(to, { recursive: true });
  const entries = names === 'all' ? readdirSync(from).filter((name) => name !== '.cache') : names;
  const folders = new Map<string, string[]>();
  for (const name of entries) {
    const scope = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
    folders.set(scope, [...(folders.get(scope) ?? []), join(from, name)]);
  }
  for (const [scope, paths] of folders) {
    mkdirSync(join(to, scope), { recursive: true });
    copyAll(paths, join(to, scope));
  }
}

function copyAll(paths: readonly string[], to: string): void {
  try {
    execFileSync('cp', ['-al', ...paths, to], { stdio: 'ignore' });
  } catch {
    for (const path of paths)
      rmSync(join(to, path.slice(path.lastIndexOf('/') + 1)), { recursive: true, force: true });
    execFileSync('cp', ['-a', ...paths, to]);
  }
}

/**
 * Installs the packages under test, compiled as they are published and up to date with their sources. Real copies: a test may
 * change them.
 */
export function installPackages(source: string, modules: string): void {
  const made = execFileSync(process.execPath, [join(source, 'tools', 'test-packages.mjs')], {
    encoding: 'utf8',
  });
  for (const name of ['schemas', 'plugin']) {
    const place = join(modules, '@nx-wave', name);
    if (lstatSync(place, { throwIfNoEntry: false })) rmSync(place, { recursive: true, force: true });
    cpSync(join(made, `wave-${name}`), place, { recursive: true });
    const nested = join(source, 'packages', `wave-${name}`, 'node_modules');
    if (existsSync(nested)) cpSync(nested, join(place, 'node_modules'), { recursive: true });
  }
}
