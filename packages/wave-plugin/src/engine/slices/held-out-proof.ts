import type { GateReason, ProofCommandResult } from '@nx-wave/schemas';
import { lazily, ok, type Result } from '@nx-wave/schemas/plain';
import * as z from 'zod';
import { heldOutOf, type HeldOutCheck } from '../../core/held-out';
import { mergeGateId } from '../../core/state/merge-reason';
import { placeInside } from '../../edges/files/place-inside';
import { lstatReachable } from '../../edges/files/stat';
import type { Checkout } from '../../edges/git/contracts';
import type { Session } from '../session/session';
import type { Base } from './base';
import { runProofCommands } from './proof-commands';
import { layArtifacts, type Slice } from './slices';

/** How a held-out command ended. What it runs stands in the wave file alone. */
export const heldOutResultSchema = lazily(() => z.strictObject({ name: z.string(), passed: z.boolean() }));
export type HeldOutResult = z.infer<typeof heldOutResultSchema>;

/** The held-out commands of the units. */
export function checksOf({ wave }: Pick<Session, 'wave'>, unitIds: readonly string[]): HeldOutCheck[] {
  return heldOutOf(wave).filter(({ unitId }) => unitIds.includes(unitId));
}

/** The merged tree with everything in it, and a checkout to stand it up in. */
export interface HeldOutRun {
  base: Base;
  slices: Slice[];
  checkout: Checkout;
  marker: string;
  heldOut: readonly HeldOutCheck[];
}

/**
 * Runs held-out commands on the whole merged tree, files of theirs included. A red one is told by its name: neither what it runs
 * nor what it said reaches a reason, because an agent reads reasons.
 */
export async function runHeldOut(
  session: Session,
  { base, slices, checkout, marker, heldOut }: HeldOutRun,
): Promise<Result<{ heldOut: HeldOutResult[]; reasons: GateReason[] }>> {
  if (heldOut.length === 0) return ok({ heldOut: [], reasons: [] });
  const stood = await session.edges.git.resetTo(checkout, base.tree, base.objectDir);
  if (!stood.ok) return stood;
  const laid = await layArtifacts(checkout, slices);
  if (!laid.ok) return laid;
  const results: HeldOutResult[] = [];
  const reasons: GateReason[] = [];
  for (const check of heldOut) {
    const missing = await missingFiles(checkout, check);
    if (missing.length > 0) {
      results.push({ name: check.name, passed: false });
      reasons.push(redReason(check, 'files'));
      continue;
    }
    const ran = await runProofCommands(session, {
      checkout,
      commands: [check.command],
      marker,
      onOutside: () => undefined,
    });
    if (!ran.ok) return ran;
    const [result] = ran.value;
    const passed = result?.outcome === 'passed';
    results.push({ name: check.name, passed });
    if (result !== undefined && !passed) reasons.push(redReason(check, result.outcome));
  }
  return ok({ heldOut: results, reasons });
}

/** Files of a command that the merged tree does not have. */
async function missingFiles({ workspaceDir }: Checkout, { files }: HeldOutCheck): Promise<string[]> {
  const found = await Promise.all(
    files.map(async (path) => {
      const place = await placeInside(workspaceDir, path.replace(/\/$/, ''));
      return place === null ? null : lstatReachable(place);
    }),
  );
  return files.filter((_path, at) => (found[at] ?? null) === null);
}

type WhyRed = ProofCommandResult['outcome'] | 'files';

/** Outcomes that say nothing of the work. */
const notRun: Partial<Record<WhyRed, string>> = {
  files: 'a file of it is not on the merged tree',
  missing: 'its program cannot be started',
  invalid: 'it is no plain command line',
  'needs-network': 'it calls a host that its cage does not allow',
};

function redReason({ name, unitId }: HeldOutCheck, why: WhyRed): GateReason {
  const said = notRun[why];
  return {
    gate: mergeGateId,
    code: 'held-out-red',
    detail:
      said === undefined
        ? `The command ${name} is red on the merged tree: the work does not do what was asked for where no test of its own looks. What the command runs is kept from agents.`
        : `The command ${name} could not be run: ${said}. The wave file names it.`,
    agentIds: [unitId],
    paths: [],
    command: null,
    repair: said === undefined ? 'rerun' : 'human',
  };
}
