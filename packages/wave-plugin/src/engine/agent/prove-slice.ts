import { join } from 'node:path';
import {
  completeEnvelope,
  type Artifact,
  type EnvelopeDraft,
  type FileChange,
  type ProofCommandResult,
  type ResultEnvelope,
  type StrengthMeasured,
} from '@nx-wave/schemas';
import { ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { ResolvedAgent } from '../../core/model';
import type { PackIndex } from '../../edges/git/contracts';
import type { HeldCage } from '../../core/cage/hold-cage';
import { checkSecrets } from '../../core/verify/check-secrets';
import { isDocument } from '../../core/verify/documents';
import type { FileFacts, SecretsSeen } from '../../core/verify/slice-evidence';
import { noteSlice, verifyFiles, verifySlice } from '../../core/verify/verify-slice';
import { placeInside } from '../../edges/files/place-inside';
import { linkTarget, lstatReachable } from '../../edges/files/stat';
import { hashFile, readTextUpTo } from '../../edges/files/read-file';
import { isBlankText, mayHoldComment } from '../../proof/blank';
import { grantedPaths } from './agent-prompt';
import { findSecrets } from './find-secrets';
import { measureStrength } from './measure-strength';
import { observeTests } from '../slices/observe-tests';
import { runProofCommands, tellHome, tellUncaged } from '../slices/proof-commands';
import { writeGuard } from '../slices/write-guard';
import { plannedCage, proofCageSettings } from '../session/cages';
import type { Session } from '../session/session';
import { layArtifacts, type Slice } from '../slices/slices';
import type { Bundle } from '../../edges/store/bundle';
import type { AgentRun } from './attempt';
import type { PreparedCheckout } from './prepare-checkout';

/** What one agent left, collected by the runner. */
export interface CollectedSlice {
  tree: string;
  changes: FileChange[];
  artifacts: Artifact[];
  artifactDir: string | null;
  /** Values of secret variables in it; absent where nobody has looked yet. */
  secrets?: SecretsSeen;
  /** The index of its pack, where it was collected just now. */
  packIndex?: PackIndex | null;
}

/** The same with the bundle that keeps it, before anything is judged. */
export interface CollectedWork {
  slice: CollectedSlice;
  bundle: Bundle;
}

/** The slice in a clean tree, with every proof command run: the agent's own processes and files are gone. */
export interface ExaminedSlice {
  proofCommands: ProofCommandResult[];
  files: Record<string, FileFacts | null>;
  symlinks: Record<string, string>;
  hashes: Record<string, string | null>;
  /** Changed paths that are documents, or may hold one. */
  documented: string[];
  secrets: SecretsSeen;
  /** What is worth saying and refuses nothing. */
  notes: Failure[];
  /** What a person may have changed while the commands ran without a cage. */
  outside: string[];
  /** Which cage stood around the commands. */
  cage: HeldCage;
  /** What the proof is worth; null where a command was not green. */
  strength: StrengthMeasured | null;
  /** Failures that no envelope can change; empty means that only the envelope is left to judge. */
  failures: Failure[];
}

/** Cleans the checkout to exactly base + slice and looks at everything that the runner checks itself. */
export async function examineSlice(
  { session, agent, marker }: AgentRun,
  prepared: PreparedCheckout,
  slice: CollectedSlice,
): Promise<Result<ExaminedSlice>> {
  const { edges } = session;
  const { checkout } = prepared;
  const cage = await plannedCage(session, proofCageSettings(session));
  if (!cage.ok) return cage;
  if (agent.proofCommands.length > 0) tellUncaged(session, 'proof commands', cage.value);
  const cleaned = await edges.git.resetTo(checkout, slice.tree);
  if (!cleaned.ok) return cleaned;
  const own: Slice = { sliceId: agent.unitId, resultDigest: '', packFile: null, ...slice };
  const laid = await layArtifacts(checkout, [...prepared.upstream, own]);
  if (!laid.ok) return laid;
  const secrets = slice.secrets ?? (await findSecrets(session, checkout, slice));
  const facts = { ...(await lookAt(checkout.workspaceDir, agent, slice)), secrets };
  const commands = agent.proofCommands;
  if (commands.length > 0) tellHome(session);
  const slices = [...prepared.upstream, own];
  const observer = await observeTests(session, checkout);
  const outside: string[] = [];
  const ran = await runProofCommands(session, {
    checkout,
    commands,
    marker,
    observer,
    guard: writeGuard(session, slices),
    onOutside: (told) => outside.push(...told),
  });
  if (!ran.ok) return ran;
  const proofCommands = ran.value;
  const seen = { ...evidence(session, agent, slice), ...facts, proofCommands };
  const looked = { ...facts, proofCommands, cage: cage.value, notes: noteSlice(seen), outside };
  const failures = verifyFiles(seen);
  if (failures.length > 0) return ok({ ...looked, strength: null, failures });
  const measured = await measureStrength({
    ...{ session, agent, checkout, commands, marker, slices, tree: slice.tree, changes: slice.changes },
    results: proofCommands,
    seen: observer.seen,
  });
  if (!measured.ok) return measured;
  const strength = measured.value;
  return ok({ ...looked, strength, failures: verifyFiles({ ...seen, strength }) });
}

function evidence(session: Session, agent: ResolvedAgent, slice: CollectedSlice) {
  const { changes, artifacts } = slice;
  const { wave, ledger } = session;
  return {
    agent,
    wave,
    ledger,
    changes,
    artifacts,
    amendments: grantedPaths(session, agent),
    ...(wave.levels === undefined ? {} : { levels: wave.levels }),
  };
}

/** What secrets alone say against a slice whose attempt has failed before it is judged. */
export function secretsAgainst({ session, agent }: AgentRun, slice: CollectedSlice): Failure[] {
  const unseen = { files: {}, symlinks: {}, proofCommands: [] };
  const { secrets } = slice;
  return checkSecrets({
    ...evidence(session, agent, slice),
    ...unseen,
    ...(secrets === undefined ? {} : { secrets }),
  });
}

/** Size, mode and hash of every promised file, and the target of every link of the slice. Nothing is followed. */
async function lookAt(root: string, agent: ResolvedAgent, slice: CollectedSlice) {
  const files: Record<string, FileFacts | null> = {};
  const hashes: Record<string, string | null> = {};
  for (const path of [...agent.deliverables, ...agent.proofArtifacts.map((one) => one.path)]) {
    const absolute = await placeInside(root, path);
    const info = absolute === null ? null : await lstatReachable(absolute);
    if (absolute === null || info === null || !(info.isFile() || info.isSymbolicLink())) {
      files[path] = null;
      hashes[path] = null;
      continue;
    }
    const mode = info.isSymbolicLink() ? '120000' : (info.mode & 0o100) !== 0 ? '100755' : '100644';
    const text = info.isFile() ? await readTextUpTo(absolute, 100_000).catch(() => null) : null;
    const blank = text !== null && isBlankText(path, text);
    files[path] = { size: info.size, mode, ...(blank ? { blank } : {}) };
    hashes[path] = await hashFile(absolute);
  }
  const symlinks: Record<string, string> = {};
  for (const { path, after } of slice.changes) {
    if (after?.mode !== '120000') continue;
    symlinks[path] = await linkTarget(join(root, path));
  }
  return { files, hashes, symlinks, documented: await documentsOf(root, agent, slice) };
}

/** Changed documents, and files with a comment in which an interface may be documented; only where the exit contract asks. */
async function documentsOf(
  root: string,
  { exitContract }: ResolvedAgent,
  { changes }: CollectedSlice,
): Promise<string[]> {
  if ((exitContract?.docImpact ?? 'none') === 'none') return [];
  const found: string[] = [];
  for (const { path, after } of changes) {
    if (isDocument(path)) found.push(path);
    else if (after !== null && after.mode !== '120000') {
      const place = await placeInside(root, path);
      const text = place === null ? null : await readTextUpTo(place, 100_000).catch(() => null);
      if (text === null || mayHoldComment(path, text)) found.push(path);
    }
  }
  return found;
}

/** The canonical envelope: claims of the agent, facts of the runner. */
export function finishEnvelope(
  draft: EnvelopeDraft,
  input: {
    session: Session;
    agent: ResolvedAgent;
    attempt: number;
    completedAt: string;
    exitCode: number;
    hashes: ExaminedSlice['hashes'];
  },
): ResultEnvelope {
  const { agent, hashes } = input;
  const seen = (path: string) => ({
    path,
    exists: (hashes[path] ?? null) !== null,
    sha256: hashes[path] ?? null,
  });
  return completeEnvelope(draft, {
    attempt: input.attempt,
    waveNumber: input.session.wave.identity.waveNumber,
    completedAt: input.completedAt,
    exitCode: input.exitCode,
    deliverables: agent.deliverables.map(seen),
    proofArtifacts: agent.proofArtifacts.map(({ path, kind, requiredFor }) => ({
      ...seen(path),
      kind,
      requiredFor,
    })),
  });
}

/** The whole judgement of a slice: an empty list means `owned_slice_proven`. */
export function judgeSlice(
  { session, agent }: AgentRun,
  slice: CollectedSlice,
  { examined, envelope }: { examined: ExaminedSlice; envelope: ResultEnvelope },
): Failure[] {
  return verifySlice({ ...evidence(session, agent, slice), ...examined, envelope });
}
