import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { quote } from '../parse/diagnostics';
import { readPath } from '../parse/paths';
import { isRunnerPath, type RunnerPlaces } from '../runner-paths';

/**
 * The paths that `decide --amend` grants, as written or with commas between them, in their one form. What no wave file
 * may let an agent own, nobody can grant either. Codes: option-invalid, path-reserved, and those of `readPath`.
 */
export function grantablePaths(
  given: string | readonly string[] | undefined,
  places: RunnerPlaces,
): Result<string[]> {
  const written = (typeof given === 'string' ? given.split(',') : (given ?? []))
    .map((path) => path.trim())
    .filter((path) => path !== '');
  if (written.length === 0) return err(failure('option-invalid', '--amend needs --paths.'));
  const paths: string[] = [];
  for (const one of written) {
    const reading = readPath(one);
    if (!reading.ok) return err(failure(reading.code, `The granted path ${quote(one)} ${reading.why}.`));
    if (isRunnerPath(reading.path, places))
      return err(
        failure('path-reserved', `${quote(one)} holds records of the runner: nobody can be granted it.`),
      );
    paths.push(reading.path);
  }
  return ok(paths);
}
