import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { heldOutFiles } from '../../core/held-out';
import { createLocator } from '../../core/resolve/locate';
import { missingHeldOut } from '../../core/validate/held-out-ground';
import { readText } from '../../edges/files/read-file';
import { readHeldOutGround } from '../../edges/git/held-out-ground';
import type { Session } from '../session/session';

/**
 * Refuses to pay anybody of a wave whose held-out commands cannot be green: their files are on no merged tree. What git does not
 * tell stops nobody, and is said. Codes: held-out-missing.
 */
export async function refuseHeldOut(session: Session): Promise<Result<void, Failure[]>> {
  const { repo, edges, wave } = session;
  const grounds = await readHeldOutGround(repo, edges.env, heldOutFiles(wave));
  if (!grounds.ok) {
    edges.print(
      `warning: whether the merged tree holds what is held out is not known: ${grounds.error.message}`,
    );
    return ok(undefined);
  }
  const { path, project } = wave.identity;
  const locator = createLocator(path, project, (await readText(session.at(path))) ?? undefined);
  const found = missingHeldOut(wave, { grounds: grounds.value, locator });
  const errors = found.filter(({ severity }) => severity === 'error');
  for (const one of found) if (!errors.includes(one)) edges.print(`warning: ${one.message}`);
  return errors.length === 0 ? ok(undefined) : err(errors);
}
