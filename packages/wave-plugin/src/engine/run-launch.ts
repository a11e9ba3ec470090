import { join } from 'node:path';
import type { Closure } from '@nx-wave/schemas';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { readBytes, removePath, writeDurable } from '../edges/files/file-edge';
import { bundleFiles } from '../edges/store/bundle';
import type { Session } from './session';
import { writeClosure } from './wave-state';

/** Judges wave closure and writes the closure record and the integrated patch; touches no tracked file. */
export async function runLaunch(session: Session): Promise<Result<Closure, Failure[]>> {
  await removePath(session.at(session.paths.closurePatch));
  const closure = await writeClosure(session);
  if (!closure.ok) return err([closure.error]);
  if (closure.value.state === 'closed') {
    const patch = await readBytes(join(session.at(session.paths.proveDir), bundleFiles.patch));
    const written = await writeDurable(session.at(session.paths.closurePatch), patch ?? '');
    if (!written.ok) return err([written.error]);
  }
  return ok(closure.value);
}
