import type { Closure, FileChange, LedgerEntry } from '@nx-wave/schemas';
import { mainStage } from '../stages';
import type { ResolvedWave } from '../model';

/** A path as the working tree has it; null means absent. */
export type PresentPath = FileChange['after'];

/**
 * What became of a landed wave. `landed`: every path is as it landed. `drifted`: some have changed since, as code does.
 * `reverted`: every path is what it was before, although the ledger still says landed.
 */
export type LandedState =
  { state: 'completed' } | { state: 'completed_with_drift'; paths: string[] } | { state: 'reverted' };

const same = (a: PresentPath, b: PresentPath) => a?.oid === b?.oid && a?.mode === b?.mode;

/** Compares the tree with the pre- and post-images of the landing. */
export function classifyLanded(
  changes: readonly FileChange[],
  present: Readonly<Record<string, PresentPath>>,
): LandedState {
  const real = changes.filter(({ before, after }) => !same(before, after));
  const now = (path: string): PresentPath => present[path] ?? null;
  const drifted = real.filter(({ path, after }) => !same(now(path), after));
  if (drifted.length === 0) return { state: 'completed' };
  if (drifted.length === real.length && real.every(({ path, before }) => same(now(path), before))) {
    return { state: 'reverted' };
  }
  return { state: 'completed_with_drift', paths: drifted.map(({ path }) => path).sort() };
}

/** The closure record of a landed wave: from the ledger alone, so that a fresh clone needs no bundle. `next` is left to `nextCommand`. */
export function landedClosure(
  wave: ResolvedWave,
  entry: Extract<LedgerEntry, { type: 'wave.landed' }>,
  landed: LandedState,
): Closure {
  const { project, waveNumber, lane } = wave.identity;
  const reverted = landed.state === 'reverted';
  return {
    schemaVersion: 1,
    wave: project,
    waveNumber,
    lane,
    state: reverted ? 'open' : 'closed',
    landed: true,
    agents: entry.agents.map(({ agentId, workKey, resultDigest }) => {
      const unit = wave.agents.find(({ unitId }) => unitId === agentId);
      return {
        agentId,
        role: unit?.role ?? mainStage,
        stage: unit?.stage ?? mainStage,
        state: 'closed' as const,
        workKey,
        resultDigest,
        proofDigest: null,
        proofBundleId: null,
      };
    }),
    verdicts: [],
    proof: { code: 'proven', integration: 'proven', deploy: 'not_applicable' },
    mergedTree: null,
    changes: entry.changes,
    patchSha256: null,
    reasons: reverted
      ? [
          {
            gate: 'closure',
            code: 'landed-tree-reverted',
            detail: `The ledger says that ${project} has landed (${entry.id}), but every path is what it was before. Where CI is set, only what is committed counts.`,
            agentIds: [],
            paths: entry.changes.map(({ path }) => path),
            command: null,
            repair: 'human',
          },
        ]
      : [],
    advisories: [],
    questions: [],
    next: null,
    landing: { entry: entry.id, ...landed },
  };
}
