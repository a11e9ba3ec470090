import type { Closure } from '@nx-wave/schemas';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import { printDigestList } from '../../core/trust/digest-list';
import { signatureSuffix, signingKeyVariable } from '../../core/trust/signatures';
import { readText } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import { writeUnflushed } from '../../edges/files/write-file';
import { makeAnew } from '../slices/gate-files';
import { signFile } from '../session/signatures';
import type { Session } from '../session/session';
import { presentFiles } from './closing-list';

/**
 * Lists every file that the closing rests on, and signs the list where there is a key. Nothing stands there where the wave is
 * open, or its files are no longer those of the list. What this machine did not prove itself it does not sign: a cache may have
 * made it up. Gives what is to be told.
 */
export async function signClosing(session: Session, closure: Closure): Promise<Failure[]> {
  // Its record is made from the ledger then, and names no proof: what was signed when it closed is for its keeper.
  if (closure.landed) return [];
  const path = session.at(session.paths.closureList);
  if (closure.state !== 'closed') {
    await removeList(path);
    return [];
  }
  const kept = await readText(path);
  if (kept === null && session.signing.keyFile === null) return [];
  const { files, absent } = await presentFiles(session, session.paths, closure);
  const text = printDigestList(files);
  // The very bytes that were signed before, by whomever: what they say is still so.
  if (kept === text && (await readText(path + signatureSuffix)) !== null) return [];
  await removeList(path);
  if (session.signing.keyFile === null) return [];
  if (absent.length > 0)
    return [
      unsigned(session, `the proof of ${absent.join(', ')} is not shown here`, makeAnew(session, 'launch')),
    ];
  if (!session.edges.notes.isNoted(session.at(session.paths.prove)))
    return [unsigned(session, 'its merged tree was proved elsewhere', makeAnew(session, 'prove'))];
  const written = await writeUnflushed(path, text);
  const problem = written.ok ? await signFile(session, path) : written.error;
  if (problem === null) return [];
  await removeList(path);
  return [{ ...problem, severity: 'warning' }];
}

async function removeList(path: string): Promise<void> {
  await removePath(path + signatureSuffix);
  await removePath(path);
}

function unsigned(session: Session, why: string, next: string): Failure {
  const { project } = session.wave.identity;
  return failure('signing-failed', `${project} is closed and not signed: ${why}.`, {
    severity: 'warning',
    place: { wave: project, path: session.paths.closure },
    next: `${next}, with ${signingKeyVariable} set`,
  });
}
