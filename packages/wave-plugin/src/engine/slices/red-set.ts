import { join } from 'node:path';
import type { GateReason, ProofCommandResult } from '@nx-wave/schemas';
import type { Checkout, Snapshot } from '../../edges/git/contracts';
import { mergeGateId } from '../../core/state/merge-reason';
import { inBuildingOrder, withDependencies } from '../../core/wave-order';
import { digestOf, ok, type Failure, type Result } from '@nx-wave/schemas/plain';
import { isOfMachine, runProofCommands } from './proof-commands';
import type { Session } from '../session/session';
import type { Base } from './base';
import { sealedBase } from './sealed-base';
import { layArtifacts, type Slice } from './slices';

export interface RedSetSearch {
  snapshot: Snapshot;
  slices: Slice[];
  /** The whole merged tree, for what every base has. */
  base: Base;
  /** The command that is red on the whole merged tree. */
  result: ProofCommandResult;
  /** A checkout to try subsets in. */
  checkout: Checkout;
  home: string;
  /** Carried by every process that works on the merged tree. */
  marker: string;
}

/**
 * The smallest set of slices that is red together, by running the command on subsets: no tokens. A command is only
 * meaningful where the slice that declared it is present, so its declarer stays in; every other slice is left out in
 * turn, and stays out while the command is still red. What the machine could not run tells nothing of any slice: the search
 * ends with its failure, one of those of `runProofCommands`.
 */
export async function findRedSet(session: Session, search: RedSetSearch): Promise<Result<GateReason>> {
  const { slices, result } = search;
  const declarers = session.wave.agents
    .filter((agent) => agent.proofCommands.includes(result.command))
    .map(({ unitId }) => unitId);
  const pinned = declarers.length === 1 ? withDependencies(session.wave, declarers) : [];
  let kept = slices;
  for (const slice of slices) {
    if (pinned.includes(slice.sliceId)) continue;
    const without = kept.filter((one) => one !== slice);
    const red = await isRed(session, search, without);
    if (!red.ok) return red;
    if (red.value) kept = without;
  }
  const red = kept.map(({ sliceId }) => sliceId).sort();
  // Proven alone and red alone: the base has moved under it. No agent is to blame, and none runs unasked.
  const drifted = red.every((unitId) => pinned.includes(unitId));
  const lines = result.tail.trim().split('\n').slice(-12).join('\n');
  const who = drifted
    ? `The base has moved: \`${result.command}\` is red on it with ${red.length > 0 ? `${red.join(', ')} alone` : 'no slice at all'}.`
    : `${red.join(' and ')} ${red.length === 1 ? 'is' : 'are'} red together: \`${result.command}\` fails on the merged tree although each slice passed alone.`;
  return ok({
    gate: mergeGateId,
    code: drifted ? 'base-drift' : 'merge-red',
    detail: `${who}\n${lines}`,
    agentIds: red,
    paths: [...new Set(kept.flatMap((slice) => slice.changes.map(({ path }) => path)))].sort(),
    command: result.command,
    repair: drifted ? 'human' : 'rerun',
  });
}

/** A subset that does not even merge tells nothing about the command: the slice that was left out is kept. */
async function isRed(session: Session, search: RedSetSearch, slices: Slice[]): Promise<Result<boolean>> {
  const { snapshot, checkout, result, home, marker } = search;
  const { edges } = session;
  const into = join(home, `subset-${digestOf(slices.map(({ sliceId }) => sliceId)).slice(0, 12)}`);
  const merged =
    slices.length === 0
      ? {
          ok: true as const,
          value: { ok: true as const, tree: snapshot.tree, objectDir: snapshot.objectDir },
        }
      : await edges.git.mergeSlices(session.repo, {
          base: snapshot,
          slices: inBuildingOrder(session.wave, slices),
          into,
        });
  if (!merged.ok) return untold(merged.error);
  if (!merged.value.ok) return ok(false);
  const { tree, objectDir } = merged.value;
  const shown = await sealedBase(session, { ...search.base, tree, objectDir }, join(into, 'sealed'));
  if (!shown.ok) return untold(shown.error);
  const reset = await edges.git.resetTo(checkout, shown.value.tree, shown.value.objectDir);
  if (!reset.ok) return untold(reset.error);
  const laid = await layArtifacts(checkout, slices);
  if (!laid.ok) return untold(laid.error);
  const ran = await runProofCommands(session, { checkout, commands: [result.command], marker });
  return ran.ok ? ok(ran.value.some(({ outcome }) => outcome !== 'passed')) : ran;
}

/** A subset that could not be made tells nothing about the command, but where it is the machine that could not. */
function untold(error: Failure): Result<boolean> {
  return isOfMachine(error) ? { ok: false, error } : ok(false);
}
