import { join } from 'node:path';
import type {
  BundlePredicate,
  ProofCommandResult,
  ResultEnvelope,
  StrengthMeasured,
  Usage,
} from '@nx-wave/schemas';
import { canonicalJson, digestOf, type Failure, type Result } from '@nx-wave/schemas/plain';
import type { HeldCage } from '../../core/cage/hold-cage';
import { workSlice } from '../../core/digest/keys';
import { makeHandoff } from '../../core/digest/result-digest';
import type { ResolvedAgent } from '../../core/model';
import { pluginVersion } from '../../core/plugin-version';
import { copyFolder, moveIntoPlace } from '../../edges/files/copy-folder';
import { removePath } from '../../edges/files/remove';
import { writeUnflushed } from '../../edges/files/write-file';
import { attemptFolders } from '../../edges/store/attempts';
import { bundleFiles, readBundle, sealBundle, type Bundle } from '../../edges/store/bundle';
import type { AgentInputs } from './agent-inputs';
import type { VerifiedWork } from './attempt';
import type { CollectedSlice } from './prove-slice';
import type { Session } from '../session/session';
import { writeRecord } from '../session/write-record';
import type { Slice } from '../slices/slices';
import { showFolder } from '../slices/show-folder';

/** Identity of the spec alone: a changed spec starts from the base, not from the patch of an older attempt. */
export function specDigest(session: Session, agent: ResolvedAgent): string {
  return digestOf(workSlice(agent, session.wave));
}

export interface AttemptFacts {
  session: Session;
  agent: ResolvedAgent;
  inputs: AgentInputs;
  attempt: number;
  /** More members say who worked where it was no program. */
  executor: { id: string; model: string | null; [more: string]: unknown };
  slice: CollectedSlice;
  baseTree: string;
  parents: Slice[];
  usage: Usage | null;
  proofCommands: ProofCommandResult[];
  /** Null before the work is judged, and where a command was not green. */
  strength?: StrengthMeasured | null;
  envelope: ResultEnvelope | null;
  failures: Failure[];
  state: BundlePredicate['state'];
  /** Which cages stood around the agent and around its proof commands; null where nothing ran. */
  cages?: CagesOfAttempt;
  /** Session of the CLI, for a repair pass. */
  sessionId?: string | null;
  /** Set when no agent ran. */
  verified?: VerifiedWork;
  /** Under which claim of a shared store the agent ran, and from which checkpoint it went on. */
  underClaim?: { claimToken: string; continuedFrom: string | null };
}

/** Where a slice adds a value that is surely a secret, for its manifest; nothing where it adds none. */
export function secretPlaces({ secrets }: Pick<CollectedSlice, 'secrets'>): Pick<BundlePredicate, 'secrets'> {
  const certain = (secrets?.sightings ?? []).filter((one) => one.certain);
  return certain.length === 0 ? {} : { secrets: certain.map(({ path, variable }) => ({ path, variable })) };
}

/** For the manifest: kind, what could be called, and what did not hold. */
export interface CagesOfAttempt {
  agent: HeldCage | null;
  proofs: HeldCage | null;
}

/** Without the policy, which names paths of this machine. */
function cagesOf({ cages }: Pick<AttemptFacts, 'cages'>): Pick<BundlePredicate, 'cages'> {
  const plain = (held: HeldCage | null) =>
    held === null ? null : { cage: held.cage, network: held.network, why: held.why };
  return cages === undefined ? {} : { cages: { agent: plain(cages.agent), proofs: plain(cages.proofs) } };
}

/** What the commands said, where they worked, and what that is worth. */
function proofOf({ session, proofCommands, strength }: AttemptFacts) {
  const isAtHome = proofCommands.length > 0 && session.wave.settings.proof.home === 'user';
  return {
    proofCommands,
    ...(isAtHome ? { proofHome: 'user' as const } : {}),
    ...(strength ? { strength } : {}),
  };
}

/** What the manifest says of an attempt. */
export function describeAttempt(facts: AttemptFacts): BundlePredicate {
  const { session, agent, inputs, slice, state } = facts;
  const { identity } = session.wave;
  const proven = state === 'owned_slice_proven' && facts.envelope !== null;
  return {
    bundleFormat: 1,
    proofBundleId: `${identity.project}/${agent.unitId}/attempt-${facts.attempt}`,
    state,
    wave: identity.project,
    waveNumber: identity.waveNumber,
    lane: identity.lane,
    agentId: agent.unitId,
    attempt: facts.attempt,
    role: agent.role,
    envelopeRole: agent.envelopeRole,
    stage: agent.stage,
    workKey: inputs.workKey,
    acceptanceKey: inputs.acceptanceKey,
    ingredients: inputs.ingredients,
    specDigest: specDigest(session, agent),
    epoch: inputs.ledger.epoch,
    resultDigest:
      proven && facts.envelope !== null
        ? makeHandoff({
            agent,
            wave: session.wave,
            workKey: inputs.workKey,
            envelope: facts.envelope,
            ...slice,
          }).resultDigest
        : null,
    executor: facts.executor,
    versions: { plugin: pluginVersion, git: session.repo.gitVersion },
    baseTree: facts.baseTree,
    ownership: agent.ownedPaths,
    changes: slice.changes,
    artifacts: slice.artifacts,
    ...proofOf(facts),
    usage: facts.usage,
    parents: facts.parents.map(({ sliceId, resultDigest }) => ({ agentId: sliceId, resultDigest })),
    ...secretPlaces(slice),
    ...cagesOf(facts),
    failures: facts.failures.map(({ code, message, next, place }) => ({
      code,
      message,
      ...(next ? { next } : {}),
      ...(place?.path === undefined ? {} : { path: place.path }),
    })),
    ...(facts.sessionId ? { sessionId: facts.sessionId } : {}),
    ...facts.underClaim,
    ...(facts.verified
      ? {
          verifiedFrom: facts.verified.from,
          verifiedDigest: facts.verified.digest,
          verifiedElsewhere: facts.verified.elsewhere,
        }
      : {}),
  };
}

/**
 * Seals what an attempt has so far under its durable name. `collected` is written before anything is judged, so that a
 * crash afterwards costs a verification and never the agent's work. `repair`: folder of the repair pass, where there was one.
 */
export async function sealAttempt(
  attemptFolder: string,
  stage: keyof typeof attemptFolders,
  content: {
    from: string;
    extra: Record<string, string>;
    repair?: string;
    predicate: BundlePredicate;
    /** Leaves the signature of a manifest beside it. */
    sign?(draft: string): Promise<void>;
  },
): Promise<Result<Bundle>> {
  const draft = join(attemptFolder, `.draft-${stage}`);
  await removePath(draft);
  const copied = await copyFolder(content.from, draft);
  if (!copied.ok) return copied;
  // What is copied may be work of elsewhere, signed there.
  for (const name of [bundleFiles.manifest, bundleFiles.signature]) await removePath(join(draft, name));
  if (content.repair !== undefined) {
    const added = await copyFolder(content.repair, join(draft, bundleFiles.repair));
    if (!added.ok) return added;
  }
  for (const [name, text] of Object.entries(content.extra)) {
    const written = await writeUnflushed(join(draft, name), text);
    if (!written.ok) return written;
  }
  const sealed = await sealBundle(draft, content.predicate);
  if (!sealed.ok) return sealed;
  await content.sign?.(draft);
  const target = join(attemptFolder, attemptFolders[stage]);
  // A verdict that is lost with the power is found again from what was collected; what a repair pass has cost is not.
  const flushed =
    stage === 'collected' ||
    content.repair !== undefined ||
    !(await readBundle(join(attemptFolder, attemptFolders.collected))).ok;
  const moved = await moveIntoPlace(draft, target, { flushed });
  return moved.ok ? readBundle(target) : moved;
}

/** Shows a bundle below `results/`, for people and for Nx. */
export async function showResult(
  session: Session,
  bundle: Bundle,
  envelope: ResultEnvelope | null,
): Promise<Result<void>> {
  const { agentId, attempt } = bundle.manifest.predicate;
  const shown = await showFolder(session, bundle.folder, session.at(session.paths.bundle(attempt, agentId)));
  if (!shown.ok || envelope === null) return shown;
  return writeUnflushed(session.at(session.paths.envelope(attempt, agentId)), `${canonicalJson(envelope)}\n`);
}

/** The last step of a proven slice: bundle and envelope first, the handoff that everyone reads at the very end. */
export async function publishProof(
  session: Session,
  agent: ResolvedAgent,
  { bundle, envelope }: { bundle: Bundle; envelope: ResultEnvelope },
): Promise<Result<void>> {
  const shown = await showResult(session, bundle, envelope);
  if (!shown.ok) return shown;
  const { workKey, changes, artifacts, strength } = bundle.manifest.predicate;
  const result = { workKey, envelope, changes, artifacts, strength };
  const handoff = makeHandoff({ agent, wave: session.wave, ...result });
  return writeRecord(session, session.at(session.paths.handoff(agent.unitId)), {
    text: `${canonicalJson(handoff)}\n`,
    write: writeUnflushed,
  });
}
