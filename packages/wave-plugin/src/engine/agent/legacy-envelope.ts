import { dirname, join } from 'node:path';
import type { ResultEnvelope } from '@nx-wave/schemas';
import { err, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { findAdapter } from '../../adapters/registry';
import { legacyFailures, type LegacyInput } from '../../core/legacy/synthesize-envelope';
import { logOfTranscript } from '../../core/legacy/transcript-log';
import { placeInside } from '../../edges/files/place-inside';
import { readTail, readText } from '../../edges/files/read-file';
import { lstatReachable } from '../../edges/files/stat';
import { bundleFiles, type Bundle } from '../../edges/store/bundle';
import { reportPathsOf } from '../../gates/registry';
import type { AttemptContext } from './attempt';
import type { PreparedCheckout } from './prepare-checkout';

/** Enough for the part of a log that markers are read from, however its lines are wrapped in the transcript. */
const tailBytes = 4 * 1024 * 1024;

/**
 * The envelope of an agent of the earlier wave system, from the markers that its program printed and the verdict line of
 * its report. For agents that left no envelope at all, and only where `compat.legacySignals` asks for it.
 */
export async function synthesizeEnvelope(
  { session, agent, attempt }: AttemptContext,
  prepared: PreparedCheckout,
  collected: Bundle,
): Promise<Result<ResultEnvelope, Failure[]>> {
  const transcript = (await readTranscript(collected)) ?? '';
  const input: LegacyInput = {
    transcript: logOfTranscript(transcript),
    agent,
    wave: session.wave,
    attempt,
    report: await readReport(prepared, reportPathsOf({ ...session.wave, agents: [agent] }, agent.stage)),
  };
  const adapter = findAdapter(collected.manifest.predicate.executor.id, session.adapters);
  const envelope = adapter?.synthesizeLegacyEnvelope(input) ?? null;
  if (envelope !== null) return ok(envelope);
  const place = { wave: session.wave.identity.project, agentId: agent.unitId };
  return err(legacyFailures(input).map((one) => ({ ...one, place: { ...place, ...one.place } })));
}

/** In the bundle, or beside it where `bundle.transcript` keeps it on this machine. */
async function readTranscript({ folder }: Bundle): Promise<string | null> {
  const inBundle = await readTail(join(folder, bundleFiles.transcript), tailBytes);
  return inBundle ?? readTail(join(dirname(folder), bundleFiles.transcript), tailBytes);
}

/** The first of the reports that is there, as the runner collected it. */
async function readReport({ checkout }: PreparedCheckout, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const place = await placeInside(checkout.workspaceDir, path);
    if (place === null || !(await isRegularFile(place))) continue;
    const text = await readText(place);
    if (text !== null) return text;
  }
  return null;
}

/** A link could point anywhere: what it points to is no report of the agent. */
async function isRegularFile(path: string): Promise<boolean> {
  return (await lstatReachable(path))?.isFile() ?? false;
}
