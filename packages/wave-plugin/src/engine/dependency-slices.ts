import { join } from 'node:path';
import { closureSchema } from '@nx-wave/schemas';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { dependencyPaths } from '../core/infer/dependency-paths';
import { hashFile, readText } from '../edges/files/file-edge';
import { bundleFiles } from '../edges/store/bundle';
import { readProveAt } from './run-prove';
import { parseJson, type Session } from './session';
import type { Slice } from './slices';

/**
 * The integrated patches of the waves that this one builds on, as slices: of those that are closed and not landed. A
 * landed one is in the tree already; an open one has nothing to build on.
 */
export async function dependencySlices(session: Session): Promise<Result<Slice[]>> {
  const slices: Slice[] = [];
  for (const project of session.wave.dependsOn) {
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
    if (closure.data.landed) continue;
    const prove = await readProveAt(session.at(paths.prove));
    if (prove === null || prove.tree !== closure.data.mergedTree) {
      return err(
        failure('closure-stale', `What ${project} proved is not what it closed on.`, { place, next }),
      );
    }
    const packFile = join(session.at(paths.proveDir), bundleFiles.objects);
    slices.push({
      sliceId: project,
      resultDigest: prove.upstream,
      changes: prove.changes,
      packFile: (await hashFile(packFile)) === null ? null : packFile,
      artifacts: [],
      artifactDir: null,
    });
  }
  return ok(slices);
}
