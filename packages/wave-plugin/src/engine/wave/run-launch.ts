import { join } from 'node:path';
import type { Closure } from '@nx-wave/schemas';
import { canonicalJson, err, failure, ok, sha256, type Failure, type Result } from '@nx-wave/schemas/plain';
import { readBytes } from '../../edges/files/read-file';
import { removePath } from '../../edges/files/remove';
import { writeDurable } from '../../edges/files/write-file';
import { bundleFiles } from '../../edges/store/bundle';
import { judgeClosure } from '../../core/state/judge-closure';
import { closureRecord } from '../../core/views/closure-record';
import { standingLanding } from '../../core/state/ledger';
import { classifyLanded, landedClosure } from '../../core/state/landed-closure';
import { takeSnapshot } from '../slices/take-snapshot';
import { makeAnew } from '../slices/gate-files';
import { readProve } from '../slices/prove-record';
import type { Session } from '../session/session';
import { writeRecord } from '../session/write-record';
import { gatherWave, type GatheredWave } from './wave-evidence';
import { signClosing } from './sign-closing';
import { openHome } from '../slices/scratch-home';

/**
 * Judges wave closure, writes the closure record and the integrated patch, and signs both where there is a key; touches no tracked file. `stored` is what was
 * gathered already: gathering merges every stage.
 */
export async function runLaunch(
  session: Session,
  stored?: GatheredWave,
): Promise<Result<Closure, Failure[]>> {
  const closed = await writeClosing(session, stored);
  if (!closed.ok) return closed;
  for (const told of await signClosing(session, closed.value))
    session.edges.print(`warning: ${told.message}`);
  return closed;
}

async function writeClosing(session: Session, stored?: GatheredWave): Promise<Result<Closure, Failure[]>> {
  const landing = standingLanding(session.ledger);
  const gathered = stored ?? (await gatherWave(session));
  if (landing !== null) {
    const landed = await readLanded(session, landing);
    if (!landed.ok) return err([landed.error]);
    const record = closureRecord(landed.value, gathered.evidence);
    const written = await writeRecord(session, session.at(session.paths.closure), {
      text: `${canonicalJson(record)}\n`,
    });
    return written.ok ? ok(record) : err([written.error]);
  }
  const closure = closureRecord(judgeClosure(gathered.closure), gathered.evidence);
  const recorded = await writeRecord(session, session.at(session.paths.closure), {
    text: `${canonicalJson(closure)}\n`,
  });
  if (!recorded.ok || closure.state !== 'closed') await removePath(session.at(session.paths.closurePatch));
  if (!recorded.ok) return err([recorded.error]);
  // What proves the merged tree has ended well before this, so that only its record can be missing: what Nx gave back was damaged.
  if (closure.reasons.length > 0 && closure.reasons.every(({ code }) => code === 'merged-tree-unproven'))
    return err([lostRecord(session)]);
  if (closure.state === 'closed') {
    const patch = await readBytes(join(session.at(session.paths.proveDir), bundleFiles.patch));
    if (patch === null || sha256(patch) !== (await readProve(session))?.patchSha256)
      return err([lostPatch(session)]);
    const written = await writeDurable(session.at(session.paths.closurePatch), patch);
    if (!written.ok) return err([written.error]);
  }
  return ok(closure);
}

function lostRecord(session: Session): Failure {
  const { prove } = session.paths;
  return failure(
    'merged-tree-unproven',
    `What proved the merged tree has left no record at ${prove} that can be used.`,
    {
      place: { wave: session.wave.identity.project, path: prove },
      next: makeAnew(session, 'prove'),
    },
  );
}

function lostPatch(session: Session): Failure {
  const { project } = session.wave.identity;
  return failure('proof-altered', 'The integrated patch is not the one that was proved.', {
    place: { wave: project, path: session.paths.proveDir },
    next: makeAnew(session, 'prove'),
  });
}

/** A landed wave needs no bundle: the tree is compared with what landed. */
export async function readLanded(
  session: Session,
  landing: NonNullable<ReturnType<typeof standingLanding>>,
): Promise<Result<Closure>> {
  const { edges } = session;
  const scratch = await openHome(session, 'landed');
  const home = scratch.path;
  try {
    const snapshot = await takeSnapshot(session, join(home, 'snapshot'));
    if (!snapshot.ok) return snapshot;
    const paths = landing.changes.map(({ path }) => path);
    const present = await edges.git.entriesAt(session.repo, snapshot.value, paths);
    if (!present.ok) return present;
    return ok(landedClosure(session.wave, landing, classifyLanded(landing.changes, present.value)));
  } finally {
    await scratch.close();
  }
}
