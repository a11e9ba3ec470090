import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageNames, root } from './packages.mjs';

/**
 * `npm run release`: builds both packages and publishes them, `@nx-wave/schemas` first; `--dry-run` does all but that. Refused are a
 * tree with changes, packages of two versions, and a version that the changelog or the tag of the commit does not name. The
 * registry, the login and the statement of provenance are those of npm where it runs.
 */
const dry = process.argv.includes('--dry-run');
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const manifests = packageNames.map((name) =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
);
const [{ version }] = manifests;
const problems = [
  ...(git('status', '--porcelain') === '' ? [] : ['The working tree has changes: commit them.']),
  ...manifests
    .filter(
      (one) => one.version !== version || (one.peerDependencies?.['@nx-wave/schemas'] ?? version) !== version,
    )
    .map(({ name }) => `${name} is not of version ${version}, or asks for another one.`),
  ...(readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## ${version}`)
    ? []
    : [`CHANGELOG.md has no heading "## ${version}".`]),
  ...(git('tag', '--points-at', 'HEAD').split('\n').includes(`v${version}`)
    ? []
    : [`The commit has no tag v${version}.`]),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0 && !dry) process.exit(1);

const packed = join(root, '.tmp', `release-${process.pid}`);
mkdirSync(packed, { recursive: true });
try {
  execFileSync(process.execPath, [join(root, 'tools', 'build.mjs'), '--into', packed], { stdio: 'inherit' });
  for (const { name } of manifests) {
    const tarball = join(packed, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
    execFileSync('npm', ['publish', tarball, ...(dry ? ['--dry-run'] : [])], { stdio: 'inherit' });
  }
} finally {
  rmSync(packed, { recursive: true, force: true });
}
