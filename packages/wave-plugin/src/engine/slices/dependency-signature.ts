import { relative } from 'node:path';
import { failure, type Failure } from '@nx-wave/schemas/plain';
import type { WavePaths } from '../../core/infer/wave-paths';
import { parseDigestList } from '../../core/trust/digest-list';
import { signatureLimitBytes, signatureSuffix } from '../../core/trust/signatures';
import { hashFile, readBytes, readRegular } from '../../edges/files/read-file';
import { bundleFiles } from '../../edges/store/bundle';
import type { Session } from '../session/session';

/**
 * Why the closing of a wave that this one builds on does not count under `trust: signed`, or null: it was neither made on this
 * machine nor signed by somebody who may. Code: signature-refused.
 */
export async function dependencyRefusal(
  session: Session,
  project: string,
  paths: WavePaths,
): Promise<Failure | null> {
  const { signers } = session.signing;
  if (signers === null) return null;
  const records = [paths.closure, paths.prove];
  if (records.every((path) => session.edges.notes.isNoted(session.at(path)))) return null;
  const refuse = (why: string) =>
    failure(
      'signature-refused',
      `The closing of ${project}, which this wave builds on, is not used: ${why}.`,
      {
        place: { wave: session.wave.identity.project, path: paths.closureList },
        next: `nx run ${project}:launch --skip-nx-cache`,
      },
    );
  const list = await readBytes(session.at(paths.closureList));
  const signature = await readRegular(session.at(paths.closureList + signatureSuffix), signatureLimitBytes);
  if (list === null || signature === null) return refuse('nobody has signed it');
  const signed = await session.edges.signatures.verify({ message: list, signature, signers });
  if (!signed.ok)
    return signed.error.code === 'signature-refused' ? refuse(signed.error.message) : signed.error;
  const named = new Map((parseDigestList(list.toString('utf8')) ?? []).map((one) => [one.path, one.sha256]));
  const root = paths.closure.slice(0, paths.closure.lastIndexOf('/closure/'));
  for (const path of [...records, `${paths.proveDir}/${bundleFiles.objects}`]) {
    const present = await hashFile(session.at(path));
    if (present !== (named.get(relative(root, path)) ?? null))
      return refuse(`${path} is not what was signed`);
  }
  return null;
}
