import { join } from 'node:path';
import {
  artifactSchema,
  fileChangeSchema,
  sha256Schema,
  type Artifact,
  type BundlePredicate,
  type FileChange,
  type Handoff,
  type Verdict,
} from '@nx-wave/schemas';
import {
  canonicalJson,
  err,
  failure,
  ok,
  type Failure,
  type Result,
  type Stage,
  lazily,
} from '@nx-wave/schemas/plain';
import * as z from 'zod';
import { readableNames } from '../../edges/files/list-folder';
import type { Checkout } from '../../edges/git/contracts';
import type { SliceObjects } from '../../edges/git/slice-objects';
import { copyFolder } from '../../edges/files/copy-folder';
import { placeInside } from '../../edges/files/place-inside';
import { hashFile, readText } from '../../edges/files/read-file';
import { copyUnflushed, writeUnflushed } from '../../edges/files/write-file';
import { bundleFiles, readBundle, type Bundle } from '../../edges/store/bundle';
import { acceptanceKey } from '../../core/digest/keys';
import { makeHandoff, resultDigestOf } from '../../core/digest/result-digest';
import type { ResolvedAgent } from '../../core/model';
import { amendmentsOf } from '../../core/state/ledger';
import { checkOwnership } from '../../core/verify/check-ownership';
import { useOf } from '../../core/verify/proof-use';
import { resultEnvelopeSchema, type ResultEnvelope } from '@nx-wave/schemas';
import { ifItComesBack, makeAnew, readVerdict } from './gate-files';
import { proofAsk } from './proof-ask';
import type { Session } from '../session/session';
import { parseJson } from '../../core/parse-json';

/** One proven slice with all that is needed to apply it: changes with their objects, and its artifacts. */
export interface Slice extends SliceObjects {
  sliceId: string;
  resultDigest: string;
  artifacts: Artifact[];
  /** Folder with the artifacts at their workspace-relative paths, or null. */
  artifactDir: string | null;
}

const sliceListSchema = lazily(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    slices: z.array(
      z.strictObject({
        sliceId: z.string(),
        resultDigest: sha256Schema,
        changes: z.array(fileChangeSchema),
        artifacts: z.array(artifactSchema),
      }),
    ),
  }),
);

/** The slice that a bundle proves. */
export function sliceOf(bundle: Bundle): Slice {
  const { predicate, subject } = bundle.manifest;
  const holds = (name: string) => subject.some((one) => one.name === name);
  return {
    sliceId: predicate.agentId,
    resultDigest: predicate.resultDigest ?? '',
    changes: predicate.changes,
    packFile: holds(bundleFiles.objects) ? join(bundle.folder, bundleFiles.objects) : null,
    artifacts: predicate.artifacts,
    artifactDir: predicate.artifacts.length > 0 ? join(bundle.folder, bundleFiles.artifacts) : null,
  };
}

/** Every intact bundle that stands below `results/` for an agent: what Nx restored or a run left. */
export async function resultBundles(session: Session, unitId: string): Promise<Bundle[]> {
  return (await shownBundles(session, unitId)).bundles;
}

/** The same, and why others that stand there are none. */
async function shownBundles(
  session: Session,
  unitId: string,
): Promise<{ bundles: Bundle[]; problems: string[] }> {
  const root = session.at(session.paths.resultsDir);
  const names = await readableNames(root);
  const bundles: Bundle[] = [];
  const problems: string[] = [];
  for (const name of names.filter((one) => /^attempt-\d+$/.test(one))) {
    const bundle = await readBundle(join(root, name, unitId));
    if (!bundle.ok) {
      if (bundle.error.code !== 'bundle-missing') problems.push(bundle.error.message);
    } else if (bundle.value.manifest.predicate.agentId === unitId) bundles.push(bundle.value);
  }
  return { bundles, problems };
}

export async function readEnvelope(bundle: Bundle): Promise<ResultEnvelope | null> {
  const parsed = resultEnvelopeSchema.safeParse(
    parseJson(await readText(join(bundle.folder, bundleFiles.envelope))),
  );
  return parsed.success ? (parsed.data as ResultEnvelope) : null;
}

/** A cache can hold anything: what a bundle changes is held against the ownership of today's wave file, not of its manifest. */
function leavesOwnership(
  session: Session,
  agent: ResolvedAgent,
  { changes, artifacts }: Pick<BundlePredicate, 'changes' | 'artifacts'>,
): Failure[] {
  const amendments = amendmentsOf(session.ledger, agent);
  const seen = { files: {}, symlinks: {}, proofCommands: [] };
  return checkOwnership({ agent, wave: session.wave, changes, artifacts, amendments, ...seen });
}

/**
 * The bundle that a handoff speaks of, found by work key and result, never by attempt: first in the store, then below
 * `results/`. What only stands there fills the store, marked as made elsewhere. The handoff itself is made again from
 * the bundle and must be equal: it is no more believed than anything else on disk.
 */
export async function findProof(session: Session, handoff: Handoff): Promise<Result<Bundle>> {
  // What was proved here is named before what others have made, also where both are the same work.
  const { bundles } = await session.proofs.find(handoff.workKey);
  const stored = [...bundles].sort((one, other) => Number(one.foreign) - Number(other.foreign));
  const against: string[] = [];
  for (const bundle of stored) {
    const why = await againstProof(session, handoff, bundle);
    if (why === null) return ok(bundle);
    against.push(`${bundle.manifest.predicate.proofBundleId} of the proof store ${why}`);
  }
  const shown = await shownBundles(session, handoff.agentId);
  against.push(...shown.problems);
  for (const bundle of shown.bundles) {
    const why = await againstProof(session, handoff, bundle);
    if (why !== null) {
      against.push(`${bundle.manifest.predicate.proofBundleId} below results/ ${why}`);
      continue;
    }
    // It is told by the session, as every bundle that nobody has signed who may.
    if ((await session.refusalOf(bundle)) !== null) continue;
    await session.proofs.put(bundle, 'nx-cache');
    return ok(bundle);
  }
  return err(noProof(session, handoff, { against, stored: stored.length > 0 }));
}

/** Why a bundle is not the one that a handoff speaks of, as the end of a sentence; null where it is. */
async function againstProof(session: Session, handoff: Handoff, bundle: Bundle): Promise<string | null> {
  const { predicate } = bundle.manifest;
  const agent = session.wave.agents.find((one) => one.unitId === handoff.agentId);
  if (agent === undefined) return 'is of an agent that the wave does not have';
  const keys = { workKey: handoff.workKey, acceptanceKey: acceptanceKey(agent) };
  if (predicate.resultDigest !== handoff.resultDigest) return 'has another result';
  // Nx may have restored the handoff: what has been revoked, or accepted by other rules than today's, is no proof. Where
  // it was made does not matter here, since all of it is held against the handoff and proved on the merged tree.
  if (useOf({ ...bundle, foreign: false }, proofAsk(session, agent, keys)) !== 'serve')
    return 'was revoked, or was accepted by other rules than those of today';
  const envelope = await readEnvelope(bundle);
  if (envelope === null) return 'has no result envelope that can be read';
  const [outside] = leavesOwnership(session, agent, predicate);
  if (outside !== undefined) return `leaves the ownership: ${outside.message}`;
  const { changes, artifacts, strength } = predicate;
  const again = makeHandoff({
    agent,
    wave: session.wave,
    workKey: handoff.workKey,
    envelope,
    changes,
    artifacts,
    strength,
  });
  return canonicalJson(again) === canonicalJson(handoff) ? null : 'gives another handoff than the one here';
}

/** `stored`: whether the store has work for these keys, so that the task can answer without an agent. */
function noProof(
  session: Session,
  { agentId }: Handoff,
  { against, stored }: { against: readonly string[]; stored: boolean },
): Failure {
  const { project } = session.wave.identity;
  const target = session.wave.agents.find(({ unitId }) => unitId === agentId)?.target ?? agentId;
  const why = against.length === 0 ? '.' : `: ${against.slice(0, 3).join('; ')}`;
  return failure('bundle-missing', `No intact proof bundle of agent ${agentId} fits its handoff${why}`, {
    place: { wave: project, agentId, path: session.paths.resultsDir },
    next: stored
      ? makeAnew(session, target)
      : `nx run ${project}:${target} --skip-nx-cache (no proof of it is stored here: the agent runs, and is paid where it costs)`,
  });
}

/** Writes the cumulative slices of a stage: a later agent needs nothing else, on any machine. */
export async function writeSlices(folder: string, slices: Slice[]): Promise<Result<void>> {
  for (const slice of slices) {
    if (slice.artifactDir === null) continue;
    const copied = await copyFolder(slice.artifactDir, join(folder, 'artifacts', slice.sliceId));
    if (!copied.ok) return copied;
  }
  const list = slices.map(({ sliceId, resultDigest, changes, artifacts }) => ({
    sliceId,
    resultDigest,
    changes,
    artifacts,
  }));
  return writeUnflushed(
    join(folder, 'slices.json'),
    `${canonicalJson({ schemaVersion: 1, slices: list })}\n`,
  );
}

/**
 * Reads what a gate left for the stages after it, and believes nothing of it: every slice must be the one that the
 * verdict beside it speaks of, by content, and stay inside the ownership of its agent.
 */
export async function readSlices(session: Session, stage: Stage): Promise<Result<Slice[]>> {
  const folder = session.at(session.paths.gateDir(stage));
  const read = await readSliceFolder(session, folder, `gate-${stage}`);
  if (!read.ok) return read;
  const verdict = await readVerdict(session, stage, { failed: true });
  if (!verdict.ok) return verdict;
  const altered = read.value.find((slice) => !isJudged(session, verdict.value, slice));
  if (altered === undefined) return read;
  const { project } = session.wave.identity;
  return err(
    failure('proof-altered', `The slice of ${altered.sliceId} is not the one that gate-${stage} judged.`, {
      place: { wave: project, agentId: altered.sliceId, path: session.paths.gateDir(stage) },
      next: makeAnew(session, `gate-${stage}`),
    }),
  );
}

function isJudged(session: Session, verdict: Verdict, slice: Slice): boolean {
  // What another wave left is judged by that wave.
  if (session.wave.dependsOn.includes(slice.sliceId)) return true;
  const said = verdict.agents.find(({ agentId }) => agentId === slice.sliceId);
  const agent = session.wave.agents.find(({ unitId }) => unitId === slice.sliceId);
  if (said === undefined || agent === undefined || said.resultDigest !== slice.resultDigest) return false;
  return (
    resultDigestOf(slice, said) === said.resultDigest && leavesOwnership(session, agent, slice).length === 0
  );
}

export async function readSliceFolder(
  session: Session,
  folder: string,
  target: string,
): Promise<Result<Slice[]>> {
  const parsed = sliceListSchema.safeParse(parseJson(await readText(join(folder, 'slices.json'))));
  const { project } = session.wave.identity;
  if (!parsed.success) {
    return err(
      failure('bundle-missing', `The slices that ${project}:${target} left are not there.`, {
        place: { wave: project, path: folder },
        next: makeAnew(session, target),
      }),
    );
  }
  const pack = join(folder, bundleFiles.objects);
  const packFile = (await hashFile(pack)) === null ? null : pack;
  return ok(
    parsed.data.slices.map((slice) => ({
      ...slice,
      packFile: slice.changes.length > 0 ? packFile : null,
      artifactDir: slice.artifacts.length > 0 ? join(folder, 'artifacts', slice.sliceId) : null,
    })),
  );
}

/** Lays the artifacts of upstream slices into a checkout, at the paths where their agents wrote them. */
export async function layArtifacts(checkout: Checkout, slices: Slice[]): Promise<Result<void>> {
  for (const { artifactDir, artifacts } of slices) {
    if (artifactDir === null) continue;
    for (const artifact of artifacts) {
      const source = await placeInside(artifactDir, artifact.path);
      const target = await placeInside(checkout.workspaceDir, artifact.path);
      if (source === null || target === null) return err(unsafeArtifact(artifact.path));
      if ((await hashFile(source)) !== artifact.sha256) return err(alteredArtifact(artifact.path));
      const written = await copyUnflushed(source, target);
      if (!written.ok) return written;
    }
  }
  return ok(undefined);
}

function alteredArtifact(path: string) {
  return failure('proof-altered', `The artifact ${JSON.stringify(path)} is not the one that was recorded.`, {
    next: `Run the same command again with --skip-nx-cache ${ifItComesBack}.`,
  });
}

function unsafeArtifact(path: string) {
  return failure(
    'bundle-invalid',
    `The artifact path ${JSON.stringify(path)} leaves its folder: the bundle is not used.`,
    {
      next: 'Delete the bundle that names it and run the agent again.',
    },
  );
}

/** Union of the changes, for packing the objects of several slices at once. */
export function allChanges(slices: Slice[]): FileChange[] {
  return slices.flatMap((slice) => slice.changes);
}
