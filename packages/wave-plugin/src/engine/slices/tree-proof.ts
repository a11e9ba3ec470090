import { join } from 'node:path';
import type { FileChange, GateReason, ProofCommandResult } from '@nx-wave/schemas';
import { digestOf, err, failure, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { readText } from '../../edges/files/read-file';
import { writeUnflushed } from '../../edges/files/write-file';
import type { Checkout, Snapshot } from '../../edges/git/contracts';
import type { Base } from './base';
import { checkoutOptions } from './checkout-options';
import { isOurs } from '../../core/cage/hold-cage';
import { mergeGateId } from '../../core/state/merge-reason';
import { networkAdvice } from '../../core/verify/network-need';
import { proofGround } from '../../core/verify/proof-ground';
import { namePaths, proofWritesAdvice } from '../../core/verify/proof-writes';
import type { HeldOutCheck } from '../../core/held-out';
import { checksOf, runHeldOut, type HeldOutResult } from './held-out-proof';
import { runProofCommands, tellHome, tellUncaged } from './proof-commands';
import { sealedBase } from './sealed-base';
import { writeGuard } from './write-guard';
import { mergeOrConflict } from './merge-or-conflict';
import { findRedSet } from './red-set';
import { plannedCage, proofCageSettings, refuseUncaged } from '../session/cages';
import type { Session } from '../session/session';
import { writeRecord } from '../session/write-record';
import { layArtifacts, type Slice } from './slices';
import { openHome } from './scratch-home';
import { printTreeMemo, readTreeMemo, type TreeMemo } from './tree-memo';

/** The merged tree and what its proof commands said. */
export interface ProvedTree {
  base: Base;
  results: ProofCommandResult[];
  /** Served from an earlier proof of the same tree by the same commands. */
  remembered: boolean;
  /** Held-out commands, by name; none ran where another one was red. */
  heldOut: HeldOutResult[];
  /** Empty when every command passed. */
  reasons: GateReason[];
  /** What `keep` gave, before the merged objects are gone. */
  kept: Kept;
}

/** What a caller takes from the merged tree while its objects are there. */
export interface Kept {
  changes: FileChange[];
  patchSha256: string | null;
}

/** Every proof command of the units, each once, in wave order, and the test command of the configuration. */
export function commandsOf(session: Session, unitIds: readonly string[]): string[] {
  const own = session.wave.agents
    .filter(({ unitId }) => unitIds.includes(unitId))
    .flatMap((one) => one.proofCommands);
  const { testCommand } = session.wave.settings;
  return [...new Set([...own, ...(testCommand === null ? [] : [testCommand])])];
}

/** Slices to merge on a snapshot, and what to take from the result. */
export interface MergedTreeRequest {
  snapshot: Snapshot;
  slices: Slice[];
  /** The slices on the snapshot, where the caller has merged them. */
  base?: Base;
  keep?(base: Base): Promise<Result<Kept>>;
}

/**
 * Merges slices on a snapshot and proves the result in a checkout. A conflict and a red command are findings, not
 * failures of the runner: they name slices, paths and command.
 */
export async function proveMergedTree(
  session: Session,
  { snapshot, slices, base: given, keep }: MergedTreeRequest,
): Promise<Result<ProvedTree | { conflict: GateReason }>> {
  const { edges } = session;
  const scratch = await openHome(session, 'merge');
  const { path: home, marker } = scratch;
  try {
    const merged = given
      ? ok({ base: given })
      : await mergeOrConflict(session, { snapshot, slices, into: join(home, 'merge') });
    if (!merged.ok) return merged;
    if ('conflict' in merged.value) return ok(merged.value);
    const { base } = merged.value;
    const kept = keep === undefined ? ok({ changes: [], patchSha256: null }) : await keep(base);
    if (!kept.ok) return kept;
    const proof = await proveBase(session, { base, snapshot, slices, home, marker });
    return proof.ok ? ok({ base, kept: kept.value, ...proof.value }) : proof;
  } finally {
    await edges.processes.endMarked(marker);
    await scratch.close();
  }
}

/** What the commands said of a merged tree, for people who watch. */
export function printResults({ edges }: Session, { results, heldOut, remembered }: TreeProof): void {
  const note = remembered ? ' (this tree was proved before)' : '';
  for (const { name, passed } of heldOut)
    edges.print(`${passed ? 'proved' : 'not proved'} on the merged tree: ${name}${note}`);
  for (const { command, outcome } of results)
    edges.print(`${outcome === 'passed' ? 'proved' : 'not proved'} on the merged tree: ${command}${note}`);
}

type TreeProof = Pick<ProvedTree, 'results' | 'heldOut' | 'remembered' | 'reasons'>;

interface MergedTree {
  base: Base;
  snapshot: Snapshot;
  slices: Slice[];
  home: string;
  /** Carried by every process that works on this tree: whatever is left of them is ended by it. */
  marker: string;
}

/** What was proved before is served; everything else is proved in a checkout, and what is green is kept. */
async function proveBase(session: Session, tree: MergedTree): Promise<Result<TreeProof>> {
  const { base, slices } = tree;
  const unitIds = slices.map(({ sliceId }) => sliceId);
  const commands = commandsOf(session, unitIds);
  const heldOut = checksOf(session, unitIds);
  if (commands.length === 0 && heldOut.length === 0)
    return ok({ results: [], heldOut: [], remembered: false, reasons: [] });
  const uncaged = await refuseUncaged(session, [proofCageSettings(session)]);
  if (uncaged !== null) return err(uncaged);
  tellHome(session);
  const known = await rememberedProof(session, base.tree, slices);
  if (known !== null) return ok({ ...known, remembered: true, reasons: [] });
  const cage = await plannedCage(session, proofCageSettings(session));
  if (cage.ok) tellUncaged(session, 'proof commands', cage.value);
  const proved = await proveInCheckout(session, { ...tree, commands, heldOut });
  if (!proved.ok) return proved;
  const { results, heldOut: checked, reasons } = proved.value;
  if (reasons.length === 0) {
    const key = await memoKey(session, base.tree, slices);
    await writeRecord(session, memoPath(session, key), {
      text: printTreeMemo({ results, heldOut: checked }, key),
      write: writeUnflushed,
    });
  }
  return ok({ ...proved.value, remembered: false });
}

/** The commands that agents know, on the tree as they know it; then, where all are green, those that are held out. */
async function proveInCheckout(
  session: Session,
  tree: MergedTree & { commands: string[]; heldOut: readonly HeldOutCheck[] },
): Promise<Result<Omit<TreeProof, 'remembered'>>> {
  const { slices, home, marker, commands } = tree;
  const { git, signal } = session.edges;
  const shown = await sealedBase(session, tree.base, join(home, 'sealed'));
  if (!shown.ok) return shown;
  const options = await checkoutOptions(session, marker);
  const created = await git.createCheckout(session.repo, shown.value, {
    home: join(home, 'checkout'),
    ...options,
  });
  if (!created.ok) return created;
  const checkout = created.value;
  try {
    const laid = await layArtifacts(checkout, slices);
    if (!laid.ok) return laid;
    const guard = writeGuard(session, slices);
    const ran = await runProofCommands(session, {
      checkout,
      commands,
      marker,
      guard,
      onOutside: () => undefined,
    });
    if (!ran.ok) return ran;
    const results = ran.value;
    const green = results.every(({ outcome }) => outcome === 'passed');
    // A command that was ended says nothing of the tree, and no slice is to blame.
    if (!green && signal.aborted) return err(proofCancelled(session));
    if (!green) {
      const reasons = await redReasons(session, { ...tree, checkout, results });
      if (signal.aborted) return err(proofCancelled(session));
      return reasons.ok ? ok({ results, heldOut: [], reasons: reasons.value }) : reasons;
    }
    const held = await runHeldOut(session, { ...tree, checkout });
    if (held.ok && signal.aborted && held.value.reasons.length > 0) return err(proofCancelled(session));
    return held.ok ? ok({ results, ...held.value }) : held;
  } finally {
    await git.removeCheckout(checkout);
  }
}

function proofCancelled({ wave: { identity } }: Session): Failure {
  return failure('agent-cancelled', 'Cancelled while the merged tree was proved: nothing was judged.', {
    place: { wave: identity.project },
    next: `nx run ${identity.project}:launch`,
  });
}

/** One reason for each red command. A wider one that is red for the same slices adds nothing that anyone could act on. */
async function redReasons(
  session: Session,
  tree: MergedTree & { checkout: Checkout; results: ProofCommandResult[] },
): Promise<Result<GateReason[]>> {
  const reasons: GateReason[] = [];
  for (const result of tree.results.filter(({ outcome }) => outcome !== 'passed')) {
    const ofCommand =
      writesReason(session, result) ?? networkReason(session, result) ?? outsideReason(session, result);
    const found = ofCommand === null ? await findRedSet(session, { ...tree, result }) : ok(ofCommand);
    if (!found.ok) return found;
    const told = reasons.some(
      ({ code, agentIds }) => code === found.value.code && `${agentIds}` === `${found.value.agentIds}`,
    );
    if (!told) reasons.push(found.value);
  }
  return ok(reasons);
}

/** A command that writes is no matter of slices: its line is what has to change. */
function writesReason(
  { wave }: Session,
  { command, outcome, changedFiles = [] }: ProofCommandResult,
): GateReason | null {
  if (outcome !== 'changed-files') return null;
  const declarers = wave.agents.filter(({ proofCommands }) => proofCommands.includes(command));
  return {
    gate: mergeGateId,
    code: 'proof-changed-files',
    detail: `\`${command}\` changed ${namePaths(changedFiles)} on the merged tree. ${proofWritesAdvice}`,
    agentIds: declarers.map(({ unitId }) => unitId).sort(),
    paths: changedFiles,
    command,
    repair: 'human',
  };
}

/** Nor is one that calls what its cage does not allow: no agent is to blame. */
function networkReason(
  { wave }: Session,
  { command, outcome, host = 'a host' }: ProofCommandResult,
): GateReason | null {
  if (outcome !== 'needs-network') return null;
  const declarers = wave.agents.filter(({ proofCommands }) => proofCommands.includes(command));
  return {
    gate: mergeGateId,
    code: 'proof-needs-network',
    detail: `\`${command}\` called ${host} on the merged tree, which its cage does not allow. ${networkAdvice(host)}`,
    agentIds: declarers.map(({ unitId }) => unitId).sort(),
    paths: [],
    command,
    repair: 'human',
  };
}

/** What one has done outside of its checkout is there whatever slices it ran on. */
function outsideReason(
  { wave }: Session,
  { command, outcome, changedFiles = [] }: ProofCommandResult,
): GateReason | null {
  if (outcome !== 'outside-writes') return null;
  const declarers = wave.agents.filter(({ proofCommands }) => proofCommands.includes(command));
  return {
    gate: mergeGateId,
    code: 'outside-writes',
    detail: `While \`${command}\` ran without a cage on the merged tree, ${namePaths(changedFiles)} changed, which no runner and no person at work changes. Look at these files and put back what should not be there, then launch again.`,
    agentIds: declarers.map(({ unitId }) => unitId).sort(),
    paths: changedFiles,
    command,
    repair: 'human',
  };
}

/** Where it is kept that these commands have passed on a tree. Only what was green is kept: red is tried again. */
const memoPath = ({ durableRoot }: Session, key: string) => join(durableRoot, 'tree-proofs', `${key}.json`);

/** Everything that the results of the commands on a tree depend on. */
async function memoKey(session: Session, tree: string, slices: Slice[]): Promise<string> {
  const unitIds = slices.map(({ sliceId }) => sliceId);
  const artifacts = slices.map((one) => one.artifacts);
  const { mayWrite } = writeGuard(session, slices);
  const commands = commandsOf(session, unitIds);
  const ground = proofGround(session.wave.settings.proof, session.programEnv);
  const cage = await cageIdentity(session);
  // `compared`: results from before commands were held to write nothing do not count.
  const checks = checksOf(session, unitIds).map(({ command, files }) => ({ command, files }));
  const held = checks.length === 0 ? {} : { heldOut: checks };
  return digestOf({ tree, commands, ...held, artifacts, mayWrite, compared: true, ...ground, ...cage });
}

/**
 * What a machine without this cage cannot answer for: its kind, and what it lets through. Empty without one, which keeps the
 * keys of before.
 */
export async function cageIdentity(session: Session): Promise<{ cage?: unknown }> {
  const settings = proofCageSettings(session);
  const planned = await plannedCage(session, settings);
  if (!planned.ok || !isOurs(planned.value)) return {};
  const { cage, network, folders } = planned.value;
  return { cage: { cage, network, folders } };
}

/** The results of every proof command of the slices on exactly this merged tree, or null when it was not proved here. */
export async function rememberedProof(
  session: Session,
  tree: string,
  slices: Slice[],
): Promise<TreeMemo | null> {
  const unitIds = slices.map(({ sliceId }) => sliceId);
  const key = await memoKey(session, tree, slices);
  const heldOut = checksOf(session, unitIds).length;
  return readTreeMemo(await readText(memoPath(session, key)), {
    key,
    commands: commandsOf(session, unitIds),
    heldOut,
  });
}
