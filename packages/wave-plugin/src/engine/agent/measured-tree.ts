import type { ProofCommandResult } from '@nx-wave/schemas';
import { err, failure, ok, type Result } from '@nx-wave/schemas/plain';
import { placeInside } from '../../edges/files/place-inside';
import { removePath } from '../../edges/files/remove';
import { writeScratch } from '../../edges/files/write-file';
import type { Checkout } from '../../edges/git/contracts';
import type { SeenCommand } from '../../proof/counted';
import { observeTests } from '../slices/observe-tests';
import { runProofCommands } from '../slices/proof-commands';
import { layArtifacts, type Slice } from '../slices/slices';
import type { Session } from '../session/session';

/** The tree of a slice, to be stood up again with some texts replaced. */
export interface MeasuredTree {
  session: Session;
  checkout: Checkout;
  /** The tree of base and slice. */
  tree: string;
  /** Whose artifacts lie in it. */
  slices: readonly Slice[];
}

/** Texts by path; null is a file that is not there. */
export type Texts = ReadonlyMap<string, string | null>;

/** Cleans the checkout to the tree, ignored files included, and writes texts over it by path. */
export async function standUp(
  { session, checkout, tree, slices }: MeasuredTree,
  texts: Texts,
): Promise<Result<void>> {
  const cleaned = await session.edges.git.resetTo(checkout, tree);
  if (!cleaned.ok) return cleaned;
  const laid = await layArtifacts(checkout, [...slices]);
  if (!laid.ok) return laid;
  for (const [path, text] of texts) {
    const place = await placeInside(checkout.workspaceDir, path);
    if (place === null)
      return err(failure('checkout-failed', `${JSON.stringify(path)} cannot be written in the checkout.`));
    if (text === null) {
      await removePath(place);
      continue;
    }
    const written = await writeScratch(place, text);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

/** A tree whose proof commands can be run again. */
export interface ProofOfTree extends MeasuredTree {
  commands: readonly string[];
  /** Ends everything that a command leaves behind. */
  marker: string;
}

/** One command, and what was seen of its tests. */
export interface RanCommand {
  result: ProofCommandResult;
  seen: SeenCommand;
}

/** When enough has run, and how long a command may (milliseconds; `limits.proofMinutes` where nothing is said). */
export interface RunLimits {
  isEnough?(ran: RanCommand): boolean;
  limitOf?(command: string): number;
}

/**
 * Runs the commands on the tree with some texts replaced, until `isEnough` says so. Nothing is compared afterwards: what they
 * write goes with the next cleaning.
 */
export async function runOnTree(
  proof: ProofOfTree,
  texts: Texts,
  { isEnough = () => false, limitOf }: RunLimits = {},
): Promise<Result<RanCommand[]>> {
  const { session, checkout, commands, marker } = proof;
  const stood = await standUp(proof, texts);
  if (!stood.ok) return stood;
  const observer = await observeTests(session, checkout);
  const ran: RanCommand[] = [];
  for (const command of commands) {
    const results = await runProofCommands(session, {
      ...{ checkout, commands: [command], marker, observer },
      ...(limitOf === undefined ? {} : { limitMs: limitOf(command) }),
    });
    if (!results.ok) return results;
    const [result] = results.value;
    const seen = observer.seen.at(-1);
    if (result === undefined || seen === undefined) continue;
    ran.push({ result, seen });
    if (isEnough({ result, seen })) break;
  }
  return ok(ran);
}
