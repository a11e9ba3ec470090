import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { configFile } from '../../core/resolve/check-config';
import { createLocator } from '../../core/resolve/locate';
import { missingPrograms } from '../../core/validate/programs';
import { readText } from '../../edges/files/read-file';
import { findMissingPrograms } from '../slices/proof-programs';
import type { Session } from '../session/session';

/**
 * Refuses to pay anybody of a wave that cannot be proved here: one agent's missing program keeps the merged tree of all
 * from being proved. Codes: proof-program-missing.
 */
export async function refusePrograms(session: Session): Promise<Result<void, Failure[]>> {
  const { edges, wave, workspaceRoot, repo } = session;
  const ground = { workspaceRoot, topLevel: repo.topLevel, env: edges.env };
  const missing = await findMissingPrograms(wave, ground);
  if (missing.size === 0) return ok(undefined);
  const { path, project } = wave.identity;
  const text = (await readText(session.at(path))) ?? undefined;
  const locator = createLocator(path, project, text);
  const config = await readText(session.at(configFile));
  const found = missingPrograms(wave, { missing, locator, config });
  const errors = found.filter(({ severity }) => severity === 'error');
  return errors.length === 0 ? ok(undefined) : err(errors);
}
