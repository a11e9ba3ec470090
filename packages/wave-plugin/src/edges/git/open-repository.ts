import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { type Failure, type Result, err, failure, ok } from '@nx-wave/schemas/plain';
import { type Repository } from './contracts';
import { type HostEnv, runGit, userGitEnv } from './run-git';
import { guardIo } from './io-failure';

/** The oldest git whose merge-tree writes trees. */
export const oldestGit = [2, 38] as const;

/** Reads `git version 2.39.5 (Apple Git-154)`; null for a text that is no version. */
export function parseGitVersion(text: string): { version: string; enough: boolean } | null {
  const match = /(\d+)\.(\d+)(?:\.\d+)*/.exec(text);
  if (!match) return null;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return {
    version: match[0],
    enough: major > oldestGit[0] || (major === oldestGit[0] && minor >= oldestGit[1]),
  };
}

/** rev-parse prints a flag that it does not know as it is: it parts answers that may hold line ends. */
const between = '--nx-wave';

/** Asks for top folder, git directory, common directory and a commit, in this order: what there is comes before what fails. */
const whereabouts = [
  ...['--show-toplevel', between, '--absolute-git-dir', between],
  ...['--path-format=absolute', '--git-common-dir', between, 'HEAD^{commit}'],
];

/** Opens and checks the repository of a workspace. Codes: git-missing, git-too-old, not-a-repository, no-commits. */
export function openRepository(host: HostEnv, workspaceRoot: string): Promise<Result<Repository>> {
  return guardIo('not-a-repository', 'opening the workspace', async () => {
    const root = await realpath(workspaceRoot);
    const ask = (...args: string[]) =>
      runGit(args, { cwd: root, env: userGitEnv(host), answers: [0, 1, 128] });
    const [asked, places] = await Promise.all([ask('version'), ask('rev-parse', ...whereabouts)]);
    if (!asked.ok) return asked;
    const version = parseGitVersion(asked.value.stdout.toString());
    if (!version?.enough) return err(tooOld(version?.version));
    if (!places.ok) return places;
    const [top, gitDir, commonDir, head = ''] = places.value.stdout.toString().split(`${between}\n`);
    if (top === undefined || gitDir === undefined || commonDir === undefined) {
      const said = places.value.stderr.trim().split('\n')[0] ?? '';
      return err(notARepository(workspaceRoot, root, said));
    }
    if (places.value.code !== 0) return err(noCommits(workspaceRoot));
    const line = (text: string) => text.replace(/\n$/, '');
    const topLevel = await realpath(line(top));
    const below = relative(topLevel, root).split(sep).join('/');
    return ok({
      workspaceRoot: root,
      topLevel,
      prefix: below === '' ? '' : `${below}/`,
      gitDir: line(gitDir),
      commonDir: line(commonDir),
      gitVersion: version.version,
      head: line(head),
    });
  });
}

function tooOld(version = '(unknown version)'): Failure {
  return failure(
    'git-too-old',
    `git ${version} is too old: nx-wave merges slices with git merge-tree, which needs git ${oldestGit.join('.')} or newer.`,
    { next: 'install a newer git' },
  );
}

/** `root` is the real path of the workspace, which git wants where it asks for trust. */
function notARepository(workspaceRoot: string, root: string, said: string): Failure {
  const next = /dubious ownership/.test(said)
    ? `git config --global --add safe.directory ${JSON.stringify(root)}`
    : 'run `git init` and make a first commit';
  return failure(
    'not-a-repository',
    `${workspaceRoot} is not the working tree of a git repository: ${said}`,
    { next },
  );
}

function noCommits(workspaceRoot: string): Failure {
  return failure(
    'no-commits',
    `The repository of ${workspaceRoot} has no commit yet: there is nothing to build on.`,
    { next: 'git add -A && git commit -m "first commit"' },
  );
}
