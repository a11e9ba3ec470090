import type { Failure } from '@nx-wave/schemas/plain';
import { isRunnerPath } from '../runner-paths';
import { isOwned, isUnsafePath } from './owned-paths';
import type { FileEvidence } from './slice-evidence';
import { runAgain, sliceFailure } from './slice-failure';
import { resolveSymlink } from './symlink-target';

/** Every changed path and every artifact lies inside the ownership, granted amendments included. */
export function checkOwnership(evidence: FileEvidence): Failure[] {
  const { agent, wave, changes, artifacts, amendments } = evidence;
  const owned = [...agent.ownedPaths, ...amendments];
  const paths = new Set([...changes.map((change) => change.path), ...artifacts.map(({ path }) => path)]);
  return [...paths].sort().flatMap((path) => {
    if (isUnsafePath(path) || isRunnerPath(path, wave.identity)) {
      return sliceFailure(evidence, {
        code: 'ownership-violation',
        what: `${path} was changed, and no agent may ever own it`,
        expected: 'only paths inside the workspace, outside .git and outside the folders of the runner',
        got: path,
        path,
        next: `Take the change out, then ${runAgain(evidence)}`,
      });
    }
    if (isOwned(owned, path)) return [];
    return sliceFailure(evidence, {
      code: 'ownership-violation',
      what: `${path} was changed without owning it`,
      expected: `changes in ${owned.length > 0 ? owned.join(', ') : 'no path at all'}`,
      got: path,
      path,
      next:
        `Let the agent take the change out (${runAgain(evidence)}), or grant the path: ` +
        `nx run ${wave.identity.project}:decide --amend ${agent.agentId} --paths ${path} --reason "…" --by "…"`,
    });
  });
}

/** No symbolic link of the slice leads out of the tree or into a git directory, directly or through other links. */
export function checkSymlinks(evidence: FileEvidence): Failure[] {
  return Object.entries(evidence.symlinks)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([path]) => resolveSymlink(evidence.symlinks, path) === null)
    .map(([path, target]) =>
      sliceFailure(evidence, {
        code: 'symlink-escape',
        what: `the symbolic link ${path} leads out of the workspace`,
        expected: 'a relative target inside the workspace',
        got: target,
        path,
        next: `Replace the link by a file or a target inside the workspace, then ${runAgain(evidence)}`,
      }),
    );
}
