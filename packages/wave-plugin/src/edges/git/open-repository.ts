import { realpath } from '../files/at-once';
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

/** Asks for top folder, git directory, common directory, commit and tree, in this order: what there is comes before what fails. */
const whereabouts = [
  ...['--show-toplevel', between, '--absolute-git-dir', between],
  ...['--path-format=absolute', '--git-common-dir', between, 'HEAD^{commit}', between, 'HEAD^{tree}'],
];

/** git's events go to its stderr, in short lines; the first of them has its version (`git help trace2`). */
const tracing = { GIT_TRACE2_EVENT: '2', GIT_TRACE2_EVENT_BRIEF: '1' };

/** Parts what git has said from its events, each of which is one line of JSON. */
export function readTrace(stderr: string): { version: string | null; said: string } {
  const lines = stderr.split('\n');
  const isEvent = (line: string) => line.startsWith('{"event":"');
  const [, version = null] =
    lines.map((line) => /^{"event":"version",.*"exe":"([^"]+)"/.exec(line)).find(Boolean) ?? [];
  return { version, said: lines.filter((line) => !isEvent(line)).join('\n') };
}

/** Opens and checks the repository of a workspace. Codes: git-missing, git-too-old, not-a-repository, no-commits. */
export function openRepository(host: HostEnv, workspaceRoot: string): Promise<Result<Repository>> {
  return guardIo('not-a-repository', 'opening the workspace', async () => {
    const root = await realpath(workspaceRoot);
    const ask = (args: readonly string[], more: Record<string, string> = {}) =>
      runGit(args, { cwd: root, env: { ...userGitEnv(host), ...more }, answers: [0, 1, 128, 129] });
    const places = await ask(['rev-parse', ...whereabouts], tracing);
    if (!places.ok) return places;
    const traced = readTrace(places.value.stderr);
    const told = traced.version === null ? await ask(['version']) : ok({ stdout: traced.version });
    if (!told.ok) return told;
    const version = parseGitVersion(told.value.stdout.toString());
    if (!version?.enough) return err(tooOld(version?.version));
    const [top, gitDir, commonDir, head, tree] = places.value.stdout.toString().split(`${between}\n`);
    if (top === undefined || gitDir === undefined || commonDir === undefined) {
      const said = traced.said.trim().split('\n')[0] ?? '';
      return err(notARepository(workspaceRoot, root, said));
    }
    if (places.value.code !== 0 || head === undefined || tree === undefined)
      return err(noCommits(workspaceRoot));
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
      headTree: line(tree),
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
