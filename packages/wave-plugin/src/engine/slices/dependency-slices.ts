import { join } from 'node:path';
import { closureSchema } from '@nx-wave/schemas';
import { err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { dependencyPaths } from '../../core/infer/dependency-paths';
import { hashFile, readText } from '../../edges/files/read-file';
import { bundleFiles } from '../../edges/store/bundle';
import { dependencyRefusal } from './dependency-signature';
import { readProveAt } from './prove-record';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';
import type { Slice } from './slices';

/** What the waves that this one builds on have come to. */
export interface Dependencies {
  /** The integrated patches of those that are closed and not landed, as slices; a landed one is in the tree already. */
  slices: Slice[];
  /** Those that are neither, or whose record does not fit what they proved: there is nothing to build on. */
  open: { project: string; failure: Failure }[];
}

/** Reads the closure of every wave under `## Depends on`. */
export async function readDependencies(session: Session): Promise<Dependencies> {
  const dependencies: Dependencies = { slices: [], open: [] };
  for (const project of session.wave.dependsOn) {
    const slice = await dependencySlice(session, project);
    if (!slice.ok) dependencies.open.push({ project, failure: slice.error });
    else if (slice.value !== null) dependencies.slices.push(slice.value);
  }
  return dependencies;
}

/** The slices of all of them, or the first that is open. Codes: wave-unknown, closure-missing, closure-stale. */
export async function dependencySlices(session: Session): Promise<Result<Slice[]>> {
  const { slices, open } = await readDependencies(session);
  return open[0] ? err(open[0].failure) : ok(slices);
}

/** Null where it has landed. */
async function dependencySlice(session: Session, project: string): Promise<Result<Slice | null>> {
  const paths = dependencyPaths(project, session.config);
  const next = `nx run ${project}:launch`;
  const place = { wave: session.wave.identity.project, path: session.wave.identity.path };
  if (paths === null) {
    return err(
      failure(
        'wave-unknown',
        `${session.wave.identity.project} depends on ${project}, which is no wave here.`,
        { place },
      ),
    );
  }
  const closure = closureSchema.safeParse(parseJson(await readText(session.at(paths.closure))));
  if (!closure.success || closure.data.state !== 'closed') {
    return err(
      failure('closure-missing', `${project}, which this wave depends on, is not closed.`, { place, next }),
    );
  }
  if (closure.data.landed) return ok(null);
  const refusal = await dependencyRefusal(session, project, paths);
  if (refusal !== null) return err(refusal);
  const prove = await readProveAt(session.at(paths.prove));
  if (prove === null || prove.tree !== closure.data.mergedTree) {
    return err(failure('closure-stale', `What ${project} proved is not what it closed on.`, { place, next }));
  }
  const packFile = join(session.at(paths.proveDir), bundleFiles.objects);
  return ok({
    sliceId: project,
    resultDigest: prove.upstream,
    changes: prove.changes,
    packFile: (await hashFile(packFile)) === null ? null : packFile,
    artifacts: [],
    artifactDir: null,
  });
}
